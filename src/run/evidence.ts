import type { ParityReport, ReplayRecord } from "../model/accounting.js";
import type { ApprovalFile } from "../model/approval.js";
import type { BackupFile } from "../model/backup.js";
import type { BundleManifest } from "../model/bundle.js";
import type { DnsLook } from "../model/external-dns.js";
import type { ClusterHealth } from "../model/health.js";
import type { HeldRecord } from "../model/held.js";
import type { JournalEntry } from "../model/journal.js";
import type { LeftoverReport } from "../model/leftover.js";
import type { Plan } from "../model/plan.js";
import type { GreenRecord, RehearsalReport } from "../model/run.js";
import type { SmokeReport } from "../model/smoke.js";

/** Everything that gates and status decide by. Gathered by the command; nothing here reads a file or a clock. */
export interface Evidence {
  /** Milliseconds since the epoch. */
  now: number;
  /** sha256 of the configuration as it is now. */
  configHash: string;
  /** Blue's name in the configuration as it is now. */
  blue?: string;
  plan?: Plan;
  approval?: ApprovalFile;
  /** Text of approval.allowedSigners, where it is configured and can be read. */
  allowedSigners?: string;
  green?: GreenRecord;
  /** Present only where it was verified just now. */
  bundle?: { manifest: BundleManifest; hash: string };
  /** What `backup verify` found, of each backup the latest. */
  backup?: BackupFile;
  rehearsal?: RehearsalReport;
  replay?: ReplayRecord;
  parity?: ParityReport;
  held?: HeldRecord;
  smoke?: SmokeReport;
  leftover?: LeftoverReport;
  /** Present only where both clusters were looked at just now. */
  health?: ClusterHealth;
  /** Present only where both clusters and the zones were looked at just now. */
  dns?: DnsLook;
  journal: JournalEntry[];
}

export type TrafficState = { at: "blue" } | { at: "between"; since: string } | { at: "green"; since: string };

/** Where the journal says that traffic is. `between` from the first intent of a shift until it, or its way back, is done. */
export function trafficState(journal: readonly JournalEntry[]): TrafficState {
  let state: TrafficState = { at: "blue" };
  for (const entry of journal) {
    if (entry.type === "event" && entry.phase === "cutover" && entry.event === "completed") {
      // Said again by a command that found nothing left to do, it doesn't begin the soak time anew.
      if (state.at !== "green") state = { at: "green", since: entry.at };
    } else if (entry.type === "event" && entry.phase === "rollback" && entry.event === "completed") {
      state = { at: "blue" };
    } else if (entry.type === "intent" && (entry.phase === "cutover" || entry.phase === "rollback")) {
      if (state.at !== "between") state = { at: "between", since: entry.at };
    }
  }
  return state;
}

const removal = "teardown/";

/** True once blue was removed, though teardown may have more to do: nothing leads back any more. */
export function blueIsGone(journal: readonly JournalEntry[]): boolean {
  return goneBlue(journal) !== undefined;
}

/** The name of the blue that was removed; undefined as long as it stands. */
export function goneBlue(journal: readonly JournalEntry[]): string | undefined {
  const done = journal.find((entry) => entry.type === "done" && entry.step.startsWith(removal));
  return done?.type === "done" ? done.step.slice(removal.length) : undefined;
}

/** Since when blue is being removed, by a teardown that didn't end: it may be gone in part. Undefined where none began, or blue is gone. */
export function blueIsGoing(journal: readonly JournalEntry[]): string | undefined {
  if (blueIsGone(journal)) return undefined;
  return journal.find((entry) => entry.type === "intent" && entry.step.startsWith(removal))?.at;
}

/** True once teardown has ended. */
export function isFinished(journal: readonly JournalEntry[]): boolean {
  return journal.some((entry) => entry.type === "event" && entry.phase === "teardown" && entry.event === "completed");
}

/** What the journal says of `clustershift prepare`: undefined unless it ended and was not undone since. */
export function loweredTtl(journal: readonly JournalEntry[]): { ttlMs: number; oldTtlEnds: string } | undefined {
  let lowered: { ttlMs: number; oldTtlEnds: string } | undefined;
  for (const entry of journal) {
    if (entry.type !== "event" || entry.phase !== "prepare") continue;
    // Begun again, it isn't lowered until that has ended; undone, it isn't at all.
    if (entry.event === "started" || entry.event === "undone") lowered = undefined;
    if (entry.event !== "completed") continue;
    const { ttl, oldTtlEnds } = entry.data as { ttl?: unknown; oldTtlEnds?: unknown };
    if (typeof ttl === "number" && typeof oldTtlEnds === "string") lowered = { ttlMs: ttl * 1000, oldTtlEnds };
  }
  return lowered;
}
