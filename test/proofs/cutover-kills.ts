import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Proof, Report } from "../../scripts/proofs.js";
import type { Journal, JournalEntry } from "../../src/model/journal.js";
import { FileJournal, readJournal } from "../../src/run/journal.js";
import type { AwsFront } from "../../src/sandbox/aws/front.js";
import { markingOf } from "../../src/traffic/marks/marking.js";
import { rollback } from "../../src/traffic/rollback.js";
import { shift } from "../../src/traffic/shift.js";
import { virtualClock } from "../aws/clock.js";
import { openTestAws } from "../aws/moto.js";
import { seededRandom } from "../harness/random.js";
import { blueName, createWorld, region, type World, type WorldSpec } from "../traffic/world.js";
import { describeMoment, type Moment, type Nursery, nursery, runAndKill } from "./cutover/doomed.js";
import { watchEffects } from "./cutover/effects.js";
import { randomWorld } from "./cutover/random-world.js";

const worlds = 3;
const steps = [25, 100];
const marking = markingOf("20261128T220000Z", blueName);

export const proof: Proof = {
  name: "cutover-kills",
  summary: "kill -9 before and after every journal write and effect of a cutover: on and back both end exactly.",
  async run(report) {
    const random = seededRandom("worlds whose cutover is killed");
    const aws = await openTestAws();
    if ("missing" in aws) throw new Error(aws.missing);
    const children = await nursery(2);
    try {
      const figures: KillFigures[] = [];
      for (let index = 0; index < worlds; index++) {
        const spec = randomWorld(random);
        figures.push(await killEverywhere(aws.front, children, { name: `kills-${index}.example`, spec, report }));
      }
      const kills = figures.reduce((sum, each) => sum + each.kills, 0);
      const wrong = figures.flatMap((each) => each.wrong);
      return { holds: wrong.length === 0 && kills > 100 * worlds, figures: { kills, wrong, worlds: figures } };
    } finally {
      await children.close();
      await aws.close();
    }
  },
};

export interface KillFigures {
  zones: number;
  targets: number;
  /** Of a cutover and its rollback that nobody kills. */
  writes: { forth: number; back: number };
  effects: { forth: number; back: number };
  kills: number;
  /** What did not end exactly as it must, and effects done twice. */
  wrong: string[];
}

export interface KillOptions {
  name: string;
  spec: WorldSpec;
  report?: Report;
  /** Which of all moments; by default each. */
  only?: (moment: Moment, does: "shift" | "rollback") => boolean;
}

/**
 * Kills a cutover, and a rollback, at each moment of it, in a process of its own each time; then the one who comes after goes on in
 * both ways. The world must then be exactly as planned, or exactly as it was, and have seen no effect twice.
 */
export async function killEverywhere(
  front: AwsFront,
  children: Nursery,
  { name, spec, report = () => {}, only = () => true }: KillOptions,
): Promise<KillFigures> {
  const folder = await mkdtemp(join(tmpdir(), "clustershift-cutover-kills-"));
  const world = await createWorld(front, name, spec);
  const wrong: string[] = [];
  let journals = 0;
  let kills = 0;
  const newJournal = () => join(folder, `journal-${++journals}.jsonl`);
  const story = (journal: string, does: "shift" | "rollback") => ({
    journal,
    endpoint: front.endpoint,
    region,
    does,
    input: { targets: world.targets, steps, holdMs: 1_000, marking },
  });
  try {
    const original = await world.snapshot();
    const reference = newJournal();
    const forth = await watched(front, () => goOn(world, reference, "shift"));
    const moved = await world.snapshot();
    const back = await watched(front, () => goOn(world, reference, "rollback"));
    if (!isDeepStrictEqual(await world.snapshot(), original)) wrong.push("a rollback that nobody killed");

    const trial = async (what: string, moment: Moment, does: "shift" | "rollback", then: "shift" | "rollback") => {
      const journal = newJournal();
      if (does === "rollback") await goOn(world, journal, "shift");
      const watch = watchEffects(front);
      await runAndKill(front, children, story(journal, does), moment);
      kills++;
      const leftAt = statusOf(await readJournal(journal));
      await goOn(world, journal, then);
      const effects = watch.stop();
      const state = await world.snapshot();
      const fault = (why: string) => {
        wrong.push(`${name}, ${what} killed ${describeMoment(moment)}, then ${then}: ${why}`);
        report(wrong.at(-1) ?? "");
      };
      const expected = expectedOf(leftAt, does, then, { forth, back });
      if (!isDeepStrictEqual(state, expected.at === "green" ? moved : original))
        fault("the world is not as it must be");
      if (expected.at === "blue" && (await world.marked()).length > 0) fault("marks were left");
      if (new Set(effects).size < effects.length) fault("an effect was done twice");
      if (expected.effects && !isDeepStrictEqual(effects, expected.effects))
        fault("its effects are other ones than where nobody was killed");
      await world.reset();
    };
    for (const [does, whole] of [
      ["shift", forth],
      ["rollback", back],
    ] as const) {
      const moments = momentsOf(whole).filter((moment) => only(moment, does));
      for (const moment of moments) {
        for (const then of ["shift", "rollback"] as const) await trial(does, moment, does, then);
      }
      report(`${name}: ${does} killed at ${moments.length} moments, ${wrong.length} wrong`);
    }
    return {
      zones: spec.zones.length,
      targets: world.targets.length,
      writes: { forth: forth.writes, back: back.writes },
      effects: { forth: forth.effects.length, back: back.effects.length },
      kills,
      wrong,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Whole {
  writes: number;
  effects: readonly string[];
}

/** How far a killed process had come, by the last of these that its journal has. */
type LeftAt = "nothing" | "cutover/started" | "cutover/completed" | "rollback/started" | "rollback/completed";

function statusOf(entries: readonly JournalEntry[]): LeftAt {
  const names = entries.map((entry) => (entry.type === "event" ? `${entry.phase}/${entry.event}` : ""));
  const last = names.filter((name) => /^(cutover|rollback)\/(started|completed)$/.test(name)).at(-1);
  return (last as LeftAt | undefined) ?? "nothing";
}

/** How a story ends that was killed and gone on with: whom traffic is at, and all effects of it where nothing else may be done. */
function expectedOf(
  leftAt: LeftAt,
  does: "shift" | "rollback",
  then: "shift" | "rollback",
  { forth, back }: { forth: Whole; back: Whole },
): { at: "blue" | "green"; effects?: readonly string[] } {
  if (does === "shift") return then === "shift" ? { at: "green", effects: forth.effects } : { at: "blue" };
  // Nobody knows of a rollback that hadn't written anything.
  if (then === "shift" && leftAt === "cutover/completed") return { at: "green", effects: [] };
  // Traffic is back, and at most marks are left: a cutover is a new one.
  if (then === "shift" && leftAt === "rollback/completed") return { at: "green" };
  return { at: "blue", effects: back.effects };
}

function momentsOf({ writes, effects }: Whole): Moment[] {
  const at = (what: Moment["at"], count: number) =>
    Array.from({ length: count }, (_, index) =>
      (["before", "after"] as const).map((when): Moment => ({ at: what, when, index })),
    ).flat();
  return [...at("write", writes), ...at("effect", effects.length)];
}

/** The one who comes after: with the same command, or to go back. Returns how often it wrote to the journal. */
async function goOn(world: World, file: string, does: "shift" | "rollback"): Promise<number> {
  const journal = await FileJournal.open(file, () => new Date());
  const clock = virtualClock();
  const aws = world.aws(clock);
  let writes = 0;
  const counted: Journal = {
    entries: () => journal.entries(),
    append(record) {
      writes++;
      return journal.append(record);
    },
  };
  try {
    const edges = { aws, journal: counted, clock, confirm: async () => true };
    if (does === "rollback") await rollback(edges);
    else {
      const input = { targets: world.targets, steps, holdMs: 1_000, marking };
      await shift(input, { ...edges, check: async () => ({ outcome: "passed", detail: "fine" }) });
    }
    return writes;
  } finally {
    aws.close();
    await journal.close();
  }
}

async function watched(front: AwsFront, work: () => Promise<number>): Promise<{ writes: number; effects: string[] }> {
  const watch = watchEffects(front);
  try {
    const writes = await work();
    return { writes, effects: watch.stop() };
  } finally {
    watch.stop();
  }
}
