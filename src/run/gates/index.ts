import { UserError } from "../../model/errors.js";
import type { Evidence } from "../evidence.js";
import { approvalGates } from "./approval.js";
import { backupGates } from "./backup.js";
import { deadBlueGates } from "./dead-blue.js";
import { externalDnsGates } from "./external-dns.js";
import type { Gate, Limits, Refusal } from "./gate.js";
import { greenGates } from "./green.js";
import { healthGates } from "./health.js";
import { leftoverGates } from "./leftover.js";
import { planGates } from "./plan.js";
import { smokeGates } from "./smoke.js";
import { trafficGates } from "./traffic.js";
import { windowGates } from "./window.js";

export type { Gate, Limits, Refusal } from "./gate.js";

/** Every gate; each is pure over the evidence. */
export const gates = {
  ...planGates,
  ...approvalGates,
  ...greenGates,
  ...backupGates,
  ...smokeGates,
  ...trafficGates,
  ...windowGates,
  ...healthGates,
  ...externalDnsGates,
  ...deadBlueGates,
  ...leftoverGates,
} as const satisfies Record<string, Gate>;

const agreed = [
  gates.notFinished,
  gates.planExists,
  gates.approved,
  gates.planIntact,
  gates.approvalFits,
  gates.notBlocked,
];
const arrived = [gates.greenStands, gates.bundleVerified, gates.rehearsed, gates.replayed];
const fresh = [gates.bundleFresh, gates.rehearsalFresh];
/** Asked of the clusters, once nothing else refuses. */
const live: readonly Gate[] = [gates.blueHealthy, gates.greenHealthy, gates.externalDnsQuiet, gates.deadBlueAtRest];
const smoked = [gates.smokeRun, gates.smokeOfThisGreen, gates.smokePassed, gates.smokeFresh];

/** Which gates hold which command, in the order in which they are checked. */
export const gatesOf = {
  approve: [gates.notFinished, gates.planExists, gates.planIntact, gates.notBlocked],
  up: [...agreed, gates.trafficAtBlue],
  export: [gates.notFinished, gates.planExists, gates.blueRuns],
  prepare: [...agreed, gates.trafficAtBlue],
  rehearse: [gates.notFinished, gates.planExists, gates.bundleVerified],
  migrate: [...agreed, gates.greenStands, gates.bundleVerified, gates.rehearsed, gates.trafficAtBlue],
  volumes: [...agreed, gates.trafficAtBlue],
  // Nothing that is there is written over: also what was left out before the cutover can come.
  "volumes restore": [...agreed, gates.greenStands],
  smoke: [gates.notFinished, gates.planExists, gates.greenStands],
  cutover: [
    ...agreed,
    ...arrived,
    gates.volumesRestored,
    ...fresh,
    gates.backupVerified,
    ...smoked,
    gates.ttlLowered,
    gates.insideWindow,
    gates.windowLongEnough,
    ...live,
  ],
  teardown: [
    ...agreed,
    gates.greenStands,
    gates.bundleVerified,
    gates.trafficAtGreen,
    gates.soaked,
    gates.blueQuiet,
    gates.backupOfBlue,
  ],
} as const satisfies Record<string, readonly Gate[]>;

export type GatedCommand = keyof typeof gatesOf;

export interface GateResult {
  gate: Gate;
  refusal: Refusal | undefined;
}

export function checkGates(command: GatedCommand, evidence: Evidence, limits: Limits): GateResult[] {
  return gatesOf[command].map((gate: Gate) => ({ gate, refusal: gate.check(evidence, limits) }));
}

/** Whether a gate is about the clusters as they are at this moment. */
export const isLive = (gate: Gate): boolean => live.includes(gate);

/** Whether a command's gates must ask the clusters, and nothing that is known already refuses. */
export function mustLook(results: readonly GateResult[], force?: string): boolean {
  const isHeld = ({ gate, refusal }: GateResult) => refusal !== undefined && gate.id !== force && !isLive(gate);
  return results.some(({ gate }) => isLive(gate)) && !results.some(isHeld);
}

/**
 * Throws the first refusal as a UserError, unless `force` names exactly that gate; UserError `usage` where it names none.
 * Returns the gates that were forced, for the journal.
 */
export function requireGates(results: readonly GateResult[], force?: string): GateResult[] {
  if (force !== undefined && !results.some(({ gate }) => gate.id === force)) {
    throw new UserError({
      code: "usage",
      what: `--force ${force} names no gate of this command.`,
      fix: `Its gates are: ${[...new Set(results.map(({ gate }) => gate.id))].join(", ")}.`,
    });
  }
  const refused = results.filter((result) => result.refusal);
  const blocking = refused.find((result) => result.gate.id !== force);
  if (blocking?.refusal) {
    throw new UserError({ code: blocking.gate.id, what: blocking.refusal.what, fix: blocking.refusal.fix });
  }
  return refused;
}
