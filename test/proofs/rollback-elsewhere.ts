import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import type { Proof, Report } from "../../scripts/proofs.js";
import { readJournal } from "../../src/run/journal.js";
import { RunFolder } from "../../src/run/run-folder.js";
import type { AwsFront } from "../../src/sandbox/aws/front.js";
import { markingOf } from "../../src/traffic/marks/marking.js";
import { openTestAws } from "../aws/moto.js";
import { withControlPlanes } from "../harness/control-planes.js";
import { createWorld, type World, type WorldSpec } from "../traffic/world.js";
import { describeMoment, type Moment, type Nursery, nursery, runAndKill } from "./cutover/doomed.js";
import { type GreenAccess, type Machines, type Source, twoMachines } from "./elsewhere/machines.js";
import type { Story } from "./elsewhere/story.js";

const steps = [25, 100];
/** The program of the first machine. */
export const firstMachine = fileURLToPath(new URL("./elsewhere/child.ts", import.meta.url));

export const proof: Proof = {
  name: "rollback-elsewhere",
  summary: "From every step, a second machine with only configuration and credentials goes back exactly.",
  async run(report) {
    const aws = await openTestAws();
    if ("missing" in aws) throw new Error(aws.missing);
    const children = await nursery(2, firstMachine);
    try {
      return await withControlPlanes({ green: "1.35.4" } as const, report, async ({ green }) => {
        const access = { kubeconfig: green.kubeconfigPath, context: "green" };
        const figures: ElsewhereFigures[] = [];
        for (const source of ["bucket", "green", "nothing"] as const) {
          const name = `elsewhere-${source}.example`;
          figures.push(await goBackElsewhere(aws.front, children, { name, source, green: access, report }));
        }
        const wrong = figures.flatMap((each) => each.wrong);
        // Going by marks reads them besides: that figure is told, and bound by nothing.
        const calls = Math.max(...figures.map(({ source, most }) => (source === "nothing" ? 0 : most.callsPerTarget)));
        return {
          holds: wrong.length === 0 && figures.every(({ trials }) => trials > 20) && calls <= 3,
          figures: { sources: figures },
        };
      });
    } finally {
      await children.close();
      await aws.close();
    }
  },
};

export interface ElsewhereFigures {
  source: Source;
  trials: number;
  /** Of one rollback, at most: calls that read or move traffic, for each target; and the time spent in them, milliseconds. */
  most: { callsPerTarget: number; apiMs: number };
  /** What did not end exactly as it must. */
  wrong: string[];
}

export interface ElsewhereOptions {
  name: string;
  source: Source;
  /** Where copies are kept for the source `green`; for the others green's API is down. */
  green?: GreenAccess;
  spec?: WorldSpec;
  report?: Report;
  /** By default after each write to the journal. */
  moments?: Moment[];
}

/**
 * Kills a cutover on one machine, after each of its journal's writes; then another machine, which has the configuration alone, unlocks
 * the run and goes back by the commands that a person uses. The world must then be exactly as it was.
 */
export async function goBackElsewhere(
  front: AwsFront,
  children: Nursery,
  { name, source, green, spec, report = () => {}, moments }: ElsewhereOptions,
): Promise<ElsewhereFigures> {
  const world = await createWorld(front, name, spec);
  const original = await world.snapshot();
  const figures: ElsewhereFigures = { source, trials: 0, most: { callsPerTarget: 0, apiMs: 0 }, wrong: [] };
  const open = () => twoMachines(front, world, source, green);
  for (const moment of moments ?? (await momentsOf(world, await open(), children))) {
    const machines = await open();
    const back = source === "nothing" ? goBackByMarks : goBack;
    const fault = (why: string) => figures.wrong.push(`${source}, killed ${describeMoment(moment)}: ${why}`);
    try {
      await runAndKill(front, children, storyOf(world, machines), moment);
      await back(front, world, machines, figures, fault);
      if (!isDeepStrictEqual(await world.snapshot(), original)) fault("the world is not as it was");
      figures.trials++;
    } finally {
      await world.reset();
      await machines.remove();
    }
  }
  report(`${source}: gone back from ${figures.trials} moments, ${figures.wrong.length} wrong`);
  return figures;
}

async function goBack(
  front: AwsFront,
  world: World,
  { second, run }: Machines,
  figures: ElsewhereFigures,
  fault: (why: string) => void,
): Promise<void> {
  const locked = await second.json("rollback", "--run", run);
  if (locked.code !== 18) fault(`the dead machine's lock was not seen: ${locked.json.error?.what}`);
  await second.succeed("unlock", "--run", run);
  const dry = await second.run(["rollback", "--run", run, "--dry-run"]);
  if (dry.code !== 0) fault(`its dry run ended with ${dry.code}: ${dry.stderr}`);
  await measured(front, world, second, ["--run", run], figures, fault);
  const again = await second.run(["rollback", "--run", run]);
  if (!again.stdout.includes("Nothing to go back from")) fault(`a second rollback did something: ${again.stdout}`);
}

/** With nothing left: neither the first machine's folder, nor a copy. */
async function goBackByMarks(
  front: AwsFront,
  world: World,
  { second, run }: Machines,
  figures: ElsewhereFigures,
  fault: (why: string) => void,
): Promise<void> {
  const dry = await second.run(["rollback", "--dry-run"]);
  // Nothing was marked yet, and so nothing moved: there is nothing to go back from.
  if (dry.code === 10) return;
  if (dry.code !== 0 || !dry.stdout.includes(run))
    fault(`its dry run ended with ${dry.code}: ${dry.stdout}${dry.stderr}`);
  const unconfirmed = await second.json("rollback");
  if (unconfirmed.code !== 25) fault(`it asked for no confirmation: ${unconfirmed.stdout}`);
  await measured(front, world, second, ["--yes"], figures, fault);
  const again = await second.run(["rollback"]);
  if (!again.stdout.includes("Nothing to go back from")) fault(`a second rollback did something: ${again.stdout}`);
  if ((await second.run(["status"])).code !== 0) fault("status doesn't answer");
}

/** Goes back, and notes what that took at most. */
async function measured(
  front: AwsFront,
  world: World,
  second: Machines["second"],
  args: readonly string[],
  { most }: ElsewhereFigures,
  fault: (why: string) => void,
): Promise<void> {
  const before = trafficCalls(front);
  const { code, json, stderr } = await second.json<{ result?: { apiMs?: number } }>("rollback", ...args);
  if (code !== 0) fault(`rollback ended with ${code}: ${JSON.stringify(json)} ${stderr}`);
  most.callsPerTarget = Math.max(most.callsPerTarget, (trafficCalls(front) - before) / unitsOf(world));
  most.apiMs = Math.max(most.apiMs, json.result?.apiMs ?? 0);
}

/** Not the tags: their calls come once traffic is back, and are a handful for all. */
const besides = /Tags$|\/(GetHostedZone|ListHostedZonesByName)$/;

/** What moves by itself: a batch of names, a listener, a rule, an address. */
function unitsOf({ targets, zoneIds }: World): number {
  const names = targets.filter(({ kind }) => kind === "route53").length;
  return targets.filter(({ kind }) => kind !== "manual").length - names + zoneIds.length;
}

function trafficCalls(front: AwsFront): number {
  return Object.entries(front.counts()).reduce(
    (sum, [key, count]) =>
      /^(route53|ec2|elasticloadbalancing)\//.test(key) && !besides.test(key) ? sum + count : sum,
    0,
  );
}

/** After each write to the journal of a cutover that nobody kills: an intent whose effect is not tried, an effect that is done, a stage. */
async function momentsOf(world: World, machines: Machines, children: Nursery): Promise<Moment[]> {
  const { first, run } = machines;
  const file = new RunFolder(join(first.dir, "runs"), run).journalPath;
  try {
    const before = (await readJournal(file)).length;
    const moved = children.take();
    const ended = once(moved, "exit");
    moved.stdin?.end(`${JSON.stringify(storyOf(world, machines))}\n`);
    await ended;
    const writes = (await readJournal(file)).length - before;
    return Array.from({ length: writes }, (_, index): Moment => ({ at: "write", when: "after", index }));
  } finally {
    await world.reset();
    await machines.remove();
  }
}

function storyOf({ targets }: World, { first, run }: Machines): Story {
  return {
    dir: first.dir,
    run,
    input: { targets, steps, holdMs: 1_000, marking: markingOf(run, "blue.acme.example") },
  };
}
