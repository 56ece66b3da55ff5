import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Proof, Report } from "../../scripts/proofs.js";
import type { Clock } from "../../src/model/clock.js";
import { UserError } from "../../src/model/errors.js";
import type { Journal } from "../../src/model/journal.js";
import { type Fault, priorRequestNotComplete } from "../../src/sandbox/aws/faults.js";
import type { AwsFront } from "../../src/sandbox/aws/front.js";
import { type RandomFaults, randomFaults } from "../../src/sandbox/aws/random-faults.js";
import { startLoadChild } from "../../src/sandbox/load/child.js";
import type { LoadTargets } from "../../src/sandbox/load/load.js";
import type { Counts, LoadResult } from "../../src/sandbox/load/tally.js";
import { rollback } from "../../src/traffic/rollback.js";
import { shift } from "../../src/traffic/shift.js";
import { openTestAws } from "../aws/moto.js";
import { seededRandom } from "../harness/random.js";
import { memoryJournal, type World } from "../traffic/world.js";
import { openLoadPlace } from "./load/place.js";

export const proof: Proof = {
  name: "cutover-load",
  summary: "20,000 requests of HTTP and syslog while cutovers and rollbacks are under way and AWS fails: 0 failed.",
  async run(report) {
    const random = seededRandom("faults of a cutover under load");
    const aws = await openTestAws();
    if ("missing" in aws) throw new Error(aws.missing);
    try {
      const figures = await moveUnderLoad(aws.front, {
        name: "load.example",
        rate: { http: 120, syslog: 60 },
        steps: [5, 25, 50, 100],
        holdMs: 5_000,
        requests: 20_000,
        kinds,
        faults: (onFault) => [
          busyZones({ random, probability: 0.2, onFault }),
          ...randomFaults({ random, probability: 0.1, onFault }),
        ],
        report,
      });
      const { sent, failed, byKind, wrong } = figures;
      const disturbed = kinds.every((kind) => (byKind[kind] ?? 0) > 0);
      return { holds: sent >= 20_000 && failed === 0 && wrong.length === 0 && disturbed, figures };
    } finally {
      await aws.close();
    }
  },
};

const busyZone = "prior-request-not-complete";
/** What AWS does to everybody sooner or later. */
const kinds = ["throttled", busyZone];

/** Changes are few among all requests, and those that come at random seldom meet one. */
function busyZones({ random, probability, onFault = () => {} }: RandomFaults): Fault {
  const busy = priorRequestNotComplete({ times: Number.POSITIVE_INFINITY });
  return (request) => {
    const effect = random() < probability ? busy(request) : undefined;
    if (effect) onFault(busyZone, request);
    return effect;
  };
}

export interface LoadProofOptions {
  name: string;
  /** A second. */
  rate: LoadTargets["rate"];
  steps: readonly number[];
  holdMs: number;
  /** So many at least while traffic is being moved, forth and back as often as that takes. */
  requests: number;
  /** And until a fault of each of these kinds has come: which come first is left to chance. */
  kinds?: readonly string[];
  /** What disturbs AWS all the while. */
  faults(onFault: (kind: string) => void): Fault[];
  report?: Report;
}

export interface LoadFigures {
  /** While traffic was being moved. */
  sent: number;
  /** At any time. */
  failed: number;
  cutovers: number;
  faults: number;
  byKind: Record<string, number>;
  /** Commands that ended in an error, and were run again, by its code. */
  errors: Record<string, number>;
  phases: Record<string, { http: Counts; syslog: Counts }>;
  failures: LoadResult["failures"];
  wrong: string[];
}

/** Commands until one is through. */
const mostTries = 10;
/** Before and after all moves: what is counted there shows who serves. */
const quietMs = 1_500;

/** Moves traffic to green and back, by the clock of the wall, while clients ask and AWS fails. */
export async function moveUnderLoad(front: AwsFront, options: LoadProofOptions): Promise<LoadFigures> {
  const { name, rate, steps, holdMs, requests, kinds = [], report = () => {} } = options;
  const { world, clients, close } = await openLoadPlace(front, name);
  const figures: LoadFigures = {
    ...{ sent: 0, failed: 0, cutovers: 0, faults: 0, byKind: {}, errors: {}, phases: {}, failures: [], wrong: [] },
  };
  const faults = options.faults((kind) => {
    figures.faults++;
    figures.byKind[kind] = (figures.byKind[kind] ?? 0) + 1;
  });
  const command = async (work: (aws: ReturnType<World["aws"]>) => Promise<{ outcome: string }>, wanted: string) => {
    for (let tried = 0; tried < mostTries; tried++) {
      const aws = world.aws(wallClock, 1_000);
      try {
        const { outcome } = await work(aws);
        if (outcome !== wanted) figures.wrong.push(`it ended as ${outcome}, not ${wanted}`);
        return;
      } catch (error) {
        if (!(error instanceof UserError) || !["aws-failed", "effect-failed"].includes(error.code)) throw error;
        figures.errors[error.code] = (figures.errors[error.code] ?? 0) + 1;
      } finally {
        aws.close();
      }
    }
    figures.wrong.push(`not ${wanted} after ${mostTries} tries`);
  };
  const original = await world.snapshot();
  const load = await startLoadChild({ ...clients, rate });
  const quiet = async (phase: string) => {
    await load.phase(phase);
    await sleep(quietMs);
  };
  try {
    await quiet("blue");
    front.faults.push(...faults);
    const input = { targets: world.targets, steps, holdMs };
    const check = async () => ({ outcome: "passed" as const, detail: "fine" });
    const goesOn = () => figures.sent < requests || kinds.some((kind) => figures.byKind[kind] === undefined);
    for (const journal = memoryJournal(); goesOn() && figures.wrong.length === 0; ) {
      figures.cutovers++;
      const edges = (aws: ReturnType<World["aws"]>) => ({ aws, journal: journal as Journal, clock: wallClock });
      await load.phase("cutover");
      await command((aws) => shift(input, { ...edges(aws), check }), "moved");
      await quiet("green");
      await load.phase("rollback");
      await command((aws) => rollback(edges(aws)), "moved-back");
      await quiet("blue again");
      if (!isDeepStrictEqual(await world.snapshot(), original)) figures.wrong.push("the rollback was not exact");
      figures.sent = sentWhileMoving(await load.counts());
      report(`${figures.cutovers} cutovers, ${figures.sent} requests while moving, ${figures.faults} faults`);
    }
    front.faults.length = 0;
    return { ...figures, ...summed(await load.stop(), figures.wrong) };
  } finally {
    front.faults.length = 0;
    await load.stop().catch(() => undefined);
    await close();
  }
}

const none: Counts = { sent: 0, failed: 0, servedBy: {} };

function sentWhileMoving({ http, syslog }: LoadResult): number {
  const moving = [http.cutover, http.rollback, syslog.cutover, syslog.rollback];
  return moving.reduce((sum, counts) => sum + (counts?.sent ?? 0), 0);
}

/** The load by phase; and whether it went to whom it should, since a load that stays at blue says nothing. */
function summed(result: LoadResult, wrong: readonly string[]) {
  const { http, syslog, failures } = result;
  const names = [...new Set([...Object.keys(http), ...Object.keys(syslog)])];
  const phases = Object.fromEntries(
    names.map((phase) => [phase, { http: http[phase] ?? none, syslog: syslog[phase] ?? none }]),
  );
  const all = Object.values(phases).flatMap((phase) => [phase.http, phase.syslog]);
  const served = (phase: string, kind: "http" | "syslog", by: string) => phases[phase]?.[kind].servedBy[by] ?? 0;
  const expected = (["http", "syslog"] as const).flatMap((kind) => {
    const both = served("cutover", kind, "blue") > 0 && served("cutover", kind, "green") > 0;
    const after = served("green", kind, "green") > 0 && served("blue again", kind, "blue") > 0;
    return both && after ? [] : [`${kind} didn't follow the traffic`];
  });
  return {
    sent: sentWhileMoving(result),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
    phases,
    failures,
    wrong: [...wrong, ...expected],
  };
}

const wallClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    await sleep(ms, undefined, signal ? { signal } : {});
  },
};
