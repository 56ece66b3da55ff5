import type { JournalEntry } from "./journal.js";
import { refKey } from "./objects.js";
import { claimName, type PlannedVolume } from "./volumes.js";

/** A claim of green's that Velero has restored with its data, as it was seen there. */
export interface RestoredClaim {
  /** `shop/data-db-0`, as green names it. */
  claim: string;
  /** Of green. */
  clusterId: string;
  /** The Restore that made it; of one that somebody else started, by Velero's own label. */
  restore: string;
  /** The PersistentVolume; absent where its volume is made only when its first Pod comes. */
  volume?: string;
  /** `vol-0123` */
  handle?: string;
}

export const restoredEvent = { type: "event", phase: "volumes", event: "restored" } as const;

/** What the journal knows of claims that Velero restored on a green; the last of each counts. */
export function restoredIn(
  entries: readonly JournalEntry[],
  clusterId: string | undefined,
): ReadonlyMap<string, RestoredClaim> {
  const restored = new Map<string, RestoredClaim>();
  for (const entry of entries) {
    if (entry.type !== "event" || entry.phase !== restoredEvent.phase || entry.event !== restoredEvent.event) continue;
    const data = entry.data as RestoredClaim;
    if (data.clusterId === clusterId) restored.set(data.claim, data);
  }
  return restored;
}

/** Claims of which Velero is to restore the volumes. */
export const restoredByVelero = (plan: { volumes?: PlannedVolume[] } | undefined): PlannedVolume[] =>
  (plan?.volumes ?? []).filter(({ strategy }) => strategy === "velero");

/** Those that weren't yet. */
export function notRestored(
  plan: { volumes?: PlannedVolume[] } | undefined,
  entries: readonly JournalEntry[],
  clusterId: string | undefined,
): PlannedVolume[] {
  const restored = restoredIn(entries, clusterId);
  return restoredByVelero(plan).filter((each) => !restored.has(claimName(each)));
}

/** Workloads that mount these claims, by `refKey`. */
export function mountersOf(volumes: readonly PlannedVolume[]): ReadonlySet<string> {
  return new Set(volumes.flatMap(({ users }) => users.map(refKey)));
}
