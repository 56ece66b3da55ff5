import { isDeepStrictEqual } from "node:util";
import type { Proof, Report } from "../../scripts/proofs.js";
import { UserError } from "../../src/model/errors.js";
import type { Journal } from "../../src/model/journal.js";
import type { AwsFront } from "../../src/sandbox/aws/front.js";
import { randomFaults } from "../../src/sandbox/aws/random-faults.js";
import { lastShift } from "../../src/traffic/history.js";
import { markingOf } from "../../src/traffic/marks/marking.js";
import { rollback } from "../../src/traffic/rollback.js";
import { shift, type Verdict } from "../../src/traffic/shift.js";
import { targetOf } from "../../src/traffic/targets/index.js";
import { virtualClock } from "../aws/clock.js";
import { openTestAws } from "../aws/moto.js";
import { seededRandom } from "../harness/random.js";
import { createWorld, memoryJournal, type World, type WorldSpec } from "../traffic/world.js";
import { watchEffects } from "./cutover/effects.js";
import { guardBatches } from "./cutover/guard.js";
import { randomWorld } from "./cutover/random-world.js";

export const proof: Proof = {
  name: "cutover-faults",
  summary: "1,000 faults of AWS in cutovers and rollbacks: the journal and the world agree, and nothing is stuck.",
  async run(report) {
    const random = seededRandom("faults of a cutover");
    const aws = await openTestAws();
    if ("missing" in aws) throw new Error(aws.missing);
    try {
      const specs = Array.from({ length: 4 }, () => randomWorld(random));
      const options = { name: "faults.example", specs, random, faults: 1_000, timeoutMs: 1_000, report };
      const figures = await shiftUnderFaults(aws.front, options);
      const { faults, wrong, batches } = figures;
      return { holds: faults >= 1_000 && wrong.length === 0 && batches > 100, figures };
    } finally {
      await aws.close();
    }
  },
};

export interface FaultOptions {
  name: string;
  /** Worlds that are used in turn. */
  specs: readonly WorldSpec[];
  random: () => number;
  /** So many faults at least. */
  faults: number;
  /** Real milliseconds until a call that nobody answers is given up. */
  timeoutMs: number;
  report?: Report;
}

export interface FaultFigures {
  faults: number;
  byKind: Record<string, number>;
  cutovers: number;
  /** Commands that ended in an error, by its code. */
  errors: Record<string, number>;
  /** The longest that a command took, minutes of its own clock. */
  longestMinutes: number;
  /** That the proxy saw. */
  batches: number;
  /** What was not as it must be. */
  wrong: string[];
}

/** Green's shares. */
const steps = [10, 100];
/** Of a request to be disturbed, and of a check to fail. */
const probability = { fault: 0.15, badCheck: 0.05 };
/** Commands under faults until they are over: from then on one must do. */
const mostTries = 6;
/** A command may try long, but not for ever. Minutes of the test's clock: 15 are what a change may take to be in sync. */
const boundMinutes = 60;

/** Moves traffic to green, and often back, while AWS fails in all its ways, until it has done so often enough. */
export async function shiftUnderFaults(front: AwsFront, options: FaultOptions): Promise<FaultFigures> {
  const { name, specs, random, faults, timeoutMs, report = () => {} } = options;
  const worlds: World[] = [];
  for (const [index, spec] of specs.entries()) worlds.push(await createWorld(front, `${index}.${name}`, spec));
  const figures: FaultFigures = {
    ...{ faults: 0, byKind: {}, cutovers: 0, errors: {}, longestMinutes: 0, batches: 0 },
    wrong: [],
  };
  const onFault = (kind: string) => {
    figures.faults++;
    figures.byKind[kind] = (figures.byKind[kind] ?? 0) + 1;
  };
  const disturbances = randomFaults({ random, probability: probability.fault, onFault });

  /** One command, with faults or without; undefined where it ended in an error that one can go on from. */
  const command = async (world: World, journal: Journal, does: "cutover" | "rollback", disturbed: boolean) => {
    const clock = virtualClock();
    const began = clock.now();
    const aws = world.aws(clock, timeoutMs);
    const check = async (): Promise<Verdict> =>
      disturbed && random() < probability.badCheck
        ? { outcome: "failed", detail: "bad luck" }
        : { outcome: "passed", detail: "fine" };
    if (disturbed) front.faults.push(...disturbances);
    try {
      const edges = { aws, journal, clock, confirm: async () => true };
      const marking = markingOf("20261128T220000Z", "blue.acme.example");
      const input = { targets: world.targets, steps, holdMs: 1_000, marking };
      return (await (does === "cutover" ? shift(input, { ...edges, check }) : rollback(edges))).outcome;
    } catch (error) {
      if (!(error instanceof UserError) || !["aws-failed", "effect-failed"].includes(error.code)) throw error;
      figures.errors[error.code] = (figures.errors[error.code] ?? 0) + 1;
      return undefined;
    } finally {
      front.faults.length = 0;
      aws.close();
      figures.longestMinutes = Math.max(figures.longestMinutes, (clock.now() - began) / 60_000);
    }
  };

  /** The command again and again until it has ended. */
  const until = async (world: World, journal: Journal, does: "cutover" | "rollback") => {
    for (let tried = 0; tried <= mostTries; tried++) {
      const outcome = await command(world, journal, does, tried < mostTries);
      for (const each of await divergences(journal, world)) wrongIn(each);
      if (outcome) return outcome;
      // A person may change her mind: from an error the way back leads as well.
      if (does === "cutover" && random() < 0.3 && lastShift(journal.entries()))
        return until(world, journal, "rollback");
    }
    return wrongIn(`${does} is stuck`);
  };
  const wrongIn = (what: string) => void figures.wrong.push(`cutover ${figures.cutovers}: ${what}`);

  while (figures.faults < faults && figures.wrong.length === 0) {
    const world = worlds[figures.cutovers++ % worlds.length] as World;
    const journal = memoryJournal();
    const original = await world.snapshot();
    const guard = await guardBatches(front, world);
    const watch = watchEffects(front);
    try {
      const outcome = await until(world, journal, "cutover");
      if (outcome === "moved") await until(world, journal, "rollback");
      if (!isDeepStrictEqual(await world.snapshot(), original)) wrongIn("the world isn't as it was before");
    } catch (error) {
      wrongIn(String(error));
    }
    const effects = watch.stop();
    if (new Set(effects).size < effects.length) wrongIn("an effect was done twice");
    guard.stop();
    figures.batches += guard.batches();
    for (const each of guard.unsafe) wrongIn(each);
    report(`${figures.cutovers} cutovers, ${figures.faults} faults, ${figures.wrong.length} wrong`);
  }
  if (figures.longestMinutes > boundMinutes) wrongIn(`a command took ${figures.longestMinutes} minutes`);
  return figures;
}

/**
 * Where the journal and the world disagree, read apart from the code that writes it: each target is as its last settled step says, or
 * as it was recorded; a step that is open may have been done, or not.
 */
async function divergences(journal: Journal, world: World): Promise<string[]> {
  const entries = journal.entries();
  const last = lastShift(entries);
  if (!last) return [];
  const clock = virtualClock();
  const aws = world.aws(clock);
  try {
    const wrong: string[] = [];
    for (const recorded of last.targets) {
      const target = targetOf(recorded, { aws, clock, journal });
      const live = await target.observe();
      const open = new Map<string, unknown>();
      let settled: unknown = recorded.before;
      for (const entry of entries) {
        if (entry.type === "intent" && entry.target === recorded.key) open.set(entry.step, entry.after);
        if (entry.type === "done" && open.has(entry.step)) {
          settled = open.get(entry.step);
          open.delete(entry.step);
        }
      }
      if ((last.status === "moved" || last.status === "returned") && open.size > 0)
        wrong.push(`${recorded.key}: a step is left open`);
      if (![settled, ...open.values()].some((state) => target.same(live, state))) {
        wrong.push(`${recorded.key} is not as the journal says: ${target.describe(live).join("; ")}`);
      }
    }
    return wrong;
  } finally {
    aws.close();
  }
}
