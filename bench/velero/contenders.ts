import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Accounting, Outcome } from "../../src/model/accounting.js";
import type { ClientLimits } from "../../src/sandbox/velero/velero-server.js";
import { Workplace } from "../../test/harness/clustershift.js";
import { timed } from "../measure.js";
import { putByClustershift, putByVelero, type Said, saidByClustershift, saidByVelero } from "./said.js";
import { backupName, type Green, greenVersion, type World } from "./world.js";

/** What a contender made of the backup, and how long it took from the store into green. */
export interface Brought {
  ms: number;
  said: Said;
  /** Keys of all that it says it put into green. */
  put: ReadonlySet<string>;
  /** What a reader must know of it. */
  notes: string[];
}

/** Velero's restore of all that is in the backup, as `velero restore create --from-backup` asks for it. */
export async function byVelero(
  world: Pick<World, "archive" | "withVelero">,
  green: Green,
  clientLimits?: ClientLimits,
): Promise<Brought> {
  const began = performance.now();
  // It looks into its store when it starts, if it knows that the store is there, and else a minute later.
  await world.withVelero(green.kubeconfig, {}, async () => {});
  return world.withVelero(green.kubeconfig, { ...(clientLimits && { clientLimits }) }, async (velero) => {
    await velero.awaitBackup(backupName);
    const ready = performance.now() - began;
    let phase = "";
    const ms = await timed(async () => {
      phase = await velero.restore("bench", { backupName });
    });
    const restored = await velero.restored("bench", phase);
    const { errors, warnings } = restored;
    const put = putByVelero(restored, world.archive);
    if (put.size === 0) throw new Error(`Velero's restore ended ${phase} and brought nothing: ${errors[0]}`);
    return {
      ms,
      said: saidByVelero(restored),
      put,
      notes: [
        `ended ${phase} with ${errors.length} errors and ${warnings.length} warnings`,
        `not counted: ${seconds(ready)} until its server knew the backup`,
      ],
    };
  });
}

/** The commands as a person types them. `look` comes while green stands, and isn't counted. */
export async function byClustershift(
  world: World,
  folder: string,
  look: (green: Green) => Promise<void>,
): Promise<Brought> {
  const place = new Workplace(folder, world.env);
  await mkdir(folder, { recursive: true });
  const beside: string[] = [];
  const step = async (...argv: string[]): Promise<void> => {
    beside.push(`${argv[0]} ${seconds(await timed(() => place.succeed(...argv)))}`);
  };
  let brought: Brought | undefined;
  await world.withOwnGreen(
    async (name) => {
      const set = [`green.version=${greenVersion}`, `green.name=${name}`].flatMap((each) => ["--set", each]);
      await step("init", "--sandbox", world.sandbox, ...set);
      await step("plan", "--from", world.address);
      await step("approve", "--by", "bench", "--comment", "bench");
      await step("up");
    },
    async (green) => {
      const exported = await timed(() => place.succeed("export", "--from", world.address));
      await step("rehearse");
      let answer: Awaited<ReturnType<typeof place.json<{ accounting?: Accounting }>>> | undefined;
      const migrated = await timed(async () => {
        answer = await place.json<{ accounting?: Accounting }>("migrate");
      });
      if (!answer?.json.accounting) throw new Error(`migrate ended with ${answer?.code}: ${answer?.stdout}`);
      const outcomes = await readOutcomes(place.dir);
      const { total } = answer.json.accounting;
      brought = {
        ms: exported + migrated,
        said: saidByClustershift(outcomes),
        put: putByClustershift(outcomes),
        notes: [
          `ended ${answer.code} with ${total.failed} failed of ${total.listed} objects`,
          `export ${seconds(exported)} and migrate ${seconds(migrated)}; not counted: ${beside.join(", ")}`,
        ],
      };
      await look(green);
    },
  );
  if (!brought) throw new Error("clustershift brought nothing");
  return brought;
}

async function readOutcomes(dir: string): Promise<Outcome[]> {
  const runs = join(dir, "runs");
  const [run, ...others] = await readdir(runs);
  if (run === undefined || others.length > 0) throw new Error(`${runs} has ${1 + others.length} runs`);
  const lines = (await readFile(join(runs, run, "replay.jsonl"), "utf8")).trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Outcome);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
