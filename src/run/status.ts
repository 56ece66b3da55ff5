import { handOver, standingAnywhere } from "../model/edit.js";
import { type HoldEnd, leftKeys, releasedKeys, stillHeld } from "../model/held.js";
import { refKey } from "../model/objects.js";
import type { Phase } from "../model/run.js";
import { type Evidence, goneBlue, isFinished, type TrafficState, trafficState } from "./evidence.js";
import { howToApprove } from "./gates/approval.js";
import { checkGates, type Gate, type GatedCommand, gates, isLive, type Limits } from "./gates/index.js";
import { noWayBack } from "./gates/way-back.js";

export interface Status {
  /** The phase that is to come next, or is under way; `finished` once blue is gone. */
  phase: Phase | "finished";
  done: Phase[];
  traffic: TrafficState["at"];
  /** What holds the next phase back, in the gates' words; empty where nothing does. */
  held: { gate: string; what: string; fix: string }[];
  /** What was kept from acting on green, and where it stands by the journal; empty before anything was migrated. */
  quiet: {
    held: Quiet[];
    /** Acts on green by now. */
    released: string[];
    /** Changed on green by somebody else, and left so. */
    left: string[];
  };
  /** The latest backup that was verified, or else tried; null where none was. */
  backup: VerifiedBackup | null;
  next: string;
  wayBack: string;
}

export interface VerifiedBackup {
  path: string;
  takenAt: string | null;
  /** When Velero deletes it; absent where nobody does by itself. */
  keptUntil?: string;
  /** Velero's Schedule that made it; absent where somebody asked for it. */
  schedule?: string;
  verifiedAt: string;
  outcome: "passed" | "failed";
  defects: number;
}

export interface Quiet {
  /** `CronJob.batch shop/newsletter` */
  object: string;
  hold: string;
  until: HoldEnd;
}

/** Which phases the evidence shows as done. Each is asked by itself, since a later one can outlive an earlier one. */
function donePhases(evidence: Evidence, limits: Limits): Phase[] {
  const { plan, bundle, journal } = evidence;
  const hold = (...asked: Gate[]): boolean => asked.every((gate) => !gate.check(evidence, limits));
  const holds: [Phase, boolean][] = [
    ["plan", plan !== undefined],
    ["approve", hold(gates.planExists, gates.approved, gates.planIntact, gates.approvalFits)],
    ["up", hold(gates.greenStands)],
    ["export", bundle !== undefined],
    ["rehearse", hold(gates.rehearsed)],
    ["migrate", hold(gates.replayed)],
    // Not smokeFresh: what was tested stays tested, and a test grown old is what holds the cutover back.
    ["smoke", hold(gates.smokeRun, gates.smokeOfThisGreen, gates.smokePassed)],
    ["cutover", hold(gates.trafficAtGreen)],
    ["soak", hold(gates.soaked)],
    ["teardown", isFinished(journal)],
  ];
  return holds.filter(([, done]) => done).map(([phase]) => phase);
}

const commands: Record<Exclude<Phase, "soak" | "approve">, string> = {
  plan: "clustershift plan",
  up: "clustershift up",
  export: "clustershift export",
  rehearse: "clustershift rehearse",
  migrate: "clustershift migrate",
  smoke: "clustershift smoke",
  cutover: "clustershift cutover",
  teardown: "clustershift teardown --confirm BLUE",
};

export function statusOf(evidence: Evidence, limits: Limits): Status {
  const quiet = quietOf(evidence);
  const traffic = trafficState(evidence.journal);
  const backup = latestBackup(evidence);
  const done = donePhases(evidence, limits);
  if (isFinished(evidence.journal)) {
    return {
      phase: "finished",
      done,
      traffic: traffic.at,
      held: [],
      quiet,
      backup,
      next: isOfNext(evidence) ? commands.plan : "Green is the next run's blue. Next time: clustershift init --next",
      wayBack: "None: blue is gone. A bundle of it is in this run's folder.",
    };
  }
  const phase = currentPhase(done, traffic);
  const command = phase === "soak" ? "teardown" : phase;
  const held = command === "plan" ? [] : refusals(command, evidence, limits);
  // Smoke would find what waits for them at rest.
  const unrestored = phase === "smoke" && gates.volumesRestored.check(evidence);
  if (unrestored) held.push({ gate: gates.volumesRestored.id, ...unrestored });
  // What approvals there are, and why they aren't enough.
  const lacks = phase === "approve" && evidence.approval && gates.approved.check(evidence, limits);
  if (lacks) held.push({ gate: gates.approved.id, ...lacks });
  return {
    phase,
    done,
    traffic: traffic.at,
    held,
    quiet,
    backup,
    next:
      unsettled(traffic, quiet, standingAnywhere(evidence.journal, handOver).length > 0) ??
      (phase === "soak"
        ? `Wait for the soak time, then: ${commands.teardown}`
        : (held[0]?.fix ?? (phase === "approve" ? howToApprove(limits.approval) : commands[phase]))),
    wayBack:
      traffic.at === "blue"
        ? "Nothing to go back from: blue serves, and was not changed."
        : (noWayBack(evidence.journal)?.what ?? "clustershift rollback (exact, any time until teardown removes blue)"),
  };
}

/** What passed comes before what didn't. */
function latestBackup({ backup: file }: Evidence): VerifiedBackup | null {
  const all = file?.verifications ?? [];
  const latest = all.findLast(({ outcome }) => outcome === "passed") ?? all.at(-1);
  if (!latest) return null;
  const { backup, at, outcome, defects } = latest;
  const { path, takenAt, keptUntil, schedule } = backup;
  return {
    ...{ path, takenAt, ...(keptUntil && { keptUntil }), ...(schedule && { schedule }) },
    ...{ verifiedAt: at, outcome, defects: defects.length },
  };
}

/** Whether the configuration has another blue by now than the one that was removed: its run is still to be planned. */
function isOfNext({ blue, journal }: Evidence): boolean {
  const gone = goneBlue(journal);
  return gone !== undefined && blue !== undefined && gone !== blue;
}

function quietOf({ held: record, green, journal }: Evidence): Status["quiet"] {
  if (!green) return { held: [], released: [], left: [] };
  const left = leftKeys(journal, green.clusterId);
  const held = record?.green.clusterId === green.clusterId ? stillHeld(record, journal) : [];
  return {
    held: held
      .map(({ object, hold, until }) => ({ object: refKey(object), hold, until }))
      .filter(({ object }) => !left.has(object)),
    released: [...releasedKeys(journal, green.clusterId)],
    left: [...left],
  };
}

/** Where a command was interrupted between moving traffic and what follows on green. */
function unsettled(
  { at }: TrafficState,
  { held, released }: Status["quiet"],
  stoppedOnBlue: boolean,
): string | undefined {
  if (at === "green" && held.some(({ until }) => until === "cutover"))
    return "clustershift cutover (it goes on: what was held until the cutover is not released yet)";
  if (at === "blue" && stoppedOnBlue)
    return "clustershift rollback (it goes on: what was stopped on blue is not started again yet)";
  if (at === "blue" && released.length > 0)
    return "clustershift rollback (it goes on: what was released on green is not held again yet)";
  return undefined;
}

function refusals(command: GatedCommand, evidence: Evidence, limits: Limits): Status["held"] {
  return checkGates(command, evidence, limits).flatMap(({ gate, refusal }) =>
    // It asks no cluster, and what nobody looked at holds nothing yet.
    refusal && !isLive(gate) ? [{ gate: gate.id, ...refusal }] : [],
  );
}

function currentPhase(done: Phase[], traffic: TrafficState): Phase {
  if (traffic.at === "between") return "cutover";
  if (traffic.at === "green") return done.includes("soak") ? "teardown" : "soak";
  const order: Phase[] = ["plan", "approve", "up", "export", "rehearse", "migrate", "smoke", "cutover"];
  return order.find((phase) => !done.includes(phase)) ?? "cutover";
}
