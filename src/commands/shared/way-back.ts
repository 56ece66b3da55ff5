import { formatDuration } from "../../model/duration.js";
import type { JournalEntry } from "../../model/journal.js";
import type { Plan } from "../../model/plan.js";
import { wayBackTime } from "../../run/way-back-time.js";
import { lastShift } from "../../traffic/history.js";

/** What a rollback takes, said before it begins. */
export interface WayBack {
  /** Targets that go back. */
  targets: number;
  /** Milliseconds until all of AWS acts by it: the calls, and the wait for Route 53's name servers. */
  ms: number;
  basis: string;
  /** Seconds for which resolvers may keep green's answers after that; 0 where no record moves. */
  ttl: number;
}

/** Without a plan's bound and without a step that was measured: Route 53 is usually in sync within 60 s; a call takes well under 1 s. */
const usual = { inSyncMs: 60_000, callMs: 300, calls: 3 };

/** By the journal alone: asks nobody. Undefined where no traffic has moved. */
export function wayBackOf(entries: readonly JournalEntry[], plan: Plan | undefined): WayBack | undefined {
  const shift = lastShift(entries);
  if (!shift || shift.status === "returned") return undefined;
  const records = shift.targets.flatMap((target) => (target.kind === "route53" ? (target.base ?? target.before) : []));
  const targets = shift.targets.length;
  const bound = (records.length > 0 ? usual.inSyncMs : 0) + targets * usual.calls * usual.callMs;
  const time = wayBackTime(plan ? plan.rollbackSeconds * 1000 : bound, targets, entries);
  const basis = time.basis === "measured" ? "as this run's steps took" : plan ? "the plan's bound" : "an estimate";
  return {
    targets,
    ms: time.ms,
    basis,
    ttl: Math.max(0, ...records.map(({ TTL }) => TTL ?? 60)) * Number(records.length > 0),
  };
}

export function describeWayBack({ targets, ms, basis, ttl }: WayBack): string {
  const resolvers = ttl > 0 ? `; resolvers may keep green's answers for ${formatDuration(ttl * 1000)} more` : "";
  return `${targets} target(s) go back in about ${formatDuration(ms)} (${basis})${resolvers}`;
}
