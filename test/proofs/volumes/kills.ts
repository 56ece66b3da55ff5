import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Report } from "../../../scripts/proofs.js";
import { readJournal } from "../../../src/run/journal.js";
import type { AwsFront } from "../../../src/sandbox/aws/front.js";
import { volumes as persistentVolumes } from "../../../src/volumes/edges.js";
import { roundOf, syncsIn } from "../../../src/volumes/history.js";
import { open } from "../../replay/servers.js";
import { describeMoment, type Moment, type Nursery, runAndKill } from "../cutover/doomed.js";
import { watchEffects } from "../cutover/effects.js";
import { type Does, type Story, tell } from "./child.js";
import { wrongsOf } from "./judge.js";
import { type ClaimShape, cloudAt, lineage, type SmallWorld, smallWorld } from "./world.js";

export const doomedProgram = fileURLToPath(new URL("./doomed.ts", import.meta.url));

/** Both strategies, both plugins, another zone, and a type with a speed of its own. */
const killedShapes: readonly ClaimShape[] = [
  {
    name: "db",
    strategy: "copy",
    source: "csi",
    zone: "a",
    to: "b",
    type: "gp3",
    size: 20,
    iops: 4000,
    throughput: 250,
  },
  { name: "queue", strategy: "hand-over", source: "inTree", zone: "b", type: "gp2", size: 10 },
];

/** What is done before what is killed. */
const before: Record<Chapter, readonly Does[]> = {
  sync: [],
  bring: [],
  back: ["bring"],
  again: ["bring", "back"],
  settle: ["bring"],
};
export type Chapter = "sync" | "bring" | "back" | "again" | "settle";
const chapters = Object.keys(before) as Chapter[];
const doing = (chapter: Chapter): Does => (chapter === "again" ? "bring" : chapter);

export interface KillFigures {
  kills: number;
  moments: Record<string, { writes: number; effects: number }>;
  wrong: string[];
}

export interface KillOptions {
  shapes?: readonly ClaimShape[];
  /** Which parts of the story; by default each. */
  parts?: readonly Chapter[];
  /** Which of all moments; by default each. */
  only?: (moment: Moment, chapter: Chapter) => boolean;
  report?: Report;
}

/**
 * Kills each part of the story at each of its journal writes and calls of EC2, in a process of its own, in a world of its own; then
 * the same is told again. All must then be as where nobody was killed: nothing lost, nothing orphaned, nothing made twice.
 */
export async function killEverywhere(
  front: AwsFront,
  kubeconfig: string,
  children: Nursery,
  { shapes = killedShapes, parts = chapters, only = () => true, report = () => {} }: KillOptions = {},
): Promise<KillFigures> {
  const folder = await mkdtemp(join(tmpdir(), "clustershift-volume-kills-"));
  const green = await open(kubeconfig);
  const inside = cloudAt(front.internalEndpoint);
  const wrong: string[] = [];
  const moments: KillFigures["moments"] = {};
  let kills = 0;

  /** A world in which the parts before this one are over. */
  const begin = async (chapter: Chapter) => {
    const run = `volumes-${randomBytes(5).toString("hex")}`;
    const world = await smallWorld(front, green, run, shapes);
    const story = (does: Does): Story => ({
      journal: join(folder, `${run}.jsonl`),
      endpoint: front.endpoint,
      kubeconfig,
      does,
      all: world.bringings,
      terms: world.terms,
      lineage,
    });
    for (const does of before[chapter]) await well(story(does));
    return { world, story, run };
  };
  const judge = async (chapter: Chapter, world: SmallWorld, story: Story): Promise<string[]> => {
    const entries = await readJournal(story.journal);
    const round = roundOf(entries);
    const judging = { cloud: inside, green, run: world.terms.run, originals: world.originals };
    if (chapter === "bring" || chapter === "again") return wrongsOf(world.bringings, { ...judging, round });
    if (chapter === "back")
      return round === 2 ? wrongsOf(world.bringings, { ...judging, round: 1 }) : [`it is in round ${round}`];
    if (chapter === "settle") return settledWrongs(world, green, inside);
    const taken = await inside.snapshots.tagged({ "clustershift:run": world.terms.run });
    // One that had ended before it was killed is another one when it's told again.
    const due = shapes.length * (syncsIn(entries).next - 1);
    return taken.length === due ? [] : [`${taken.length} snapshots were taken, and ${due} are due`];
  };
  try {
    for (const chapter of parts) {
      const reference = await begin(chapter);
      const watch = watchEffects(front);
      const { writes } = await well(reference.story(doing(chapter)));
      const effects = watch.stop().length;
      wrong.push(
        ...(await judge(chapter, reference.world, reference.story(doing(chapter)))).map(
          (why) => `${chapter}, not killed: ${why}`,
        ),
      );
      await reference.world.remove();
      moments[chapter] = { writes, effects };
      for (const moment of momentsOf(writes, effects).filter((each) => only(each, chapter))) {
        const { world, story } = await begin(chapter);
        const seen = watchEffects(front);
        await runAndKill(front, children, story(doing(chapter)), moment);
        kills++;
        const { failed } = await tell(story(doing(chapter)));
        const done = seen.stop();
        const faults = [...failed, ...(await judge(chapter, world, story(doing(chapter))))];
        // Tags are written over: the same again makes nothing twice.
        const made = done.filter((effect) => effect.startsWith("Create") && !effect.startsWith("CreateTags"));
        if (new Set(made.map(withoutToken)).size < made.length) faults.push("something was made twice");
        for (const fault of faults) {
          wrong.push(`${chapter} killed ${describeMoment(moment)}: ${fault}`);
          report(wrong.at(-1) ?? "");
        }
        await world.remove();
      }
      report(`${chapter}: ${writes} writes and ${effects} effects, ${kills} kills so far, ${wrong.length} wrong`);
    }
    return { kills, moments, wrong };
  } finally {
    inside.close();
    await green.close();
    await rm(folder, { recursive: true, force: true });
  }

  async function settledWrongs(world: SmallWorld, kube: typeof green, cloud: typeof inside): Promise<string[]> {
    const faults: string[] = [];
    for (const { planned } of world.bringings) {
      const found = await kube.get(persistentVolumes, planned.volume ?? "");
      const { persistentVolumeReclaimPolicy: policy } = (found?.spec ?? {}) as {
        persistentVolumeReclaimPolicy?: string;
      };
      if (policy !== "Delete") faults.push(`${planned.volume} has the reclaim policy ${policy}`);
      if (planned.strategy !== "hand-over") continue;
      const [volume] = await cloud.volumes([planned.handle ?? ""]);
      const keys = Object.keys(volume?.tags ?? {}).filter((key) => /cluster/i.test(key));
      if (keys.join() !== "kubernetes.io/cluster/acme-1-35")
        faults.push(`${planned.handle} has the tags ${keys.join()}`);
    }
    return faults;
  }
}

async function well(story: Story): Promise<{ writes: number }> {
  const { writes, failed } = await tell(story);
  if (failed.length > 0) throw new Error(failed.join("; "));
  return { writes };
}

const withoutToken = (effect: string): string => effect.replace(/ClientToken=[^&]*&?/, "");

function momentsOf(writes: number, effects: number): Moment[] {
  const at = (what: Moment["at"], count: number) =>
    Array.from({ length: count }, (_, index) =>
      (["before", "after"] as const).map((when): Moment => ({ at: what, when, index })),
    ).flat();
  return [...at("write", writes), ...at("effect", effects)];
}
