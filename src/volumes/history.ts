import type { JournalEntry } from "../model/journal.js";
import type { VolumeStrategy } from "../model/volumes.js";

/** What a claim of green's was bound to. */
export interface Bound {
  /** `shop/data-db-0`, as green names it. */
  claim: string;
  strategy: VolumeStrategy;
  /** Name of the PersistentVolume. */
  volume: string;
  /** `vol-0123`, `fs-0123` */
  handle: string;
  /** What blue's PersistentVolume has; green's keeps its volume while both clusters live. */
  reclaimPolicy: string;
}

/** What a way back leaves: nobody deletes it. */
export interface Kept {
  claim: string;
  volume: string;
  snapshot?: string;
}

/** Of shared file systems, which no round is about: both clusters have them. */
export const sharedRound = "shared";

/** Rounds are cutovers' ways forth: each copies anew. The first is 1. */
export function roundOf(entries: readonly JournalEntry[]): number {
  return (
    1 +
    entries.filter((entry) => entry.type === "event" && entry.phase === "volumes" && entry.event === "returned").length
  );
}

type Part = "sum" | "snapshot" | "volume" | "unbind" | "claim" | "bind" | "compare";

/** `volumes-1/bind/shop/data-db-0` */
export function stepOf(round: number | string, part: Part, claim: string): string {
  return `volumes-${round}/${part}/${claim}`;
}

/** Whether a round has begun anything. */
export function hasBegun(entries: readonly JournalEntry[], round: number): boolean {
  return entries.some((entry) => entry.type === "intent" && entry.step.startsWith(`volumes-${round}/`));
}

/** What green's claims were bound to in a round; an intent that wasn't settled counts, since it may have been done. */
export function boundIn(entries: readonly JournalEntry[], round: number | string): Bound[] {
  const bound = new Map<string, Bound>();
  for (const entry of entries) {
    if (entry.type === "intent" && entry.step.startsWith(stepOf(round, "bind", "")))
      bound.set(entry.step, entry.after as Bound);
  }
  return [...bound.values()];
}

/** What green has now, by the journal: of shared file systems, and of the round that no way back has ended. */
export function boundNow(entries: readonly JournalEntry[]): Bound[] {
  return [...boundIn(entries, sharedRound), ...boundIn(entries, roundOf(entries))];
}

/** Copies of a round, with the snapshot that each was made of. */
export function copiesIn(entries: readonly JournalEntry[], round: number): Kept[] {
  const results = new Map<string, { snapshot?: string; volume?: string }>();
  for (const entry of entries) {
    if (entry.type === "done" && entry.step.startsWith(`volumes-${round}/`))
      results.set(entry.step, entry.result as { snapshot?: string; volume?: string });
  }
  const prefix = stepOf(round, "volume", "");
  return [...results].flatMap(([step, { volume }]) => {
    if (!step.startsWith(prefix) || volume === undefined) return [];
    const claim = step.slice(prefix.length);
    const snapshot = results.get(stepOf(round, "snapshot", claim))?.snapshot;
    return [{ claim, volume, ...(snapshot !== undefined && { snapshot }) }];
  });
}

/** What earlier ways back have left. */
export function keptCopies(entries: readonly JournalEntry[]): Kept[] {
  const rounds = Array.from({ length: roundOf(entries) - 1 }, (_, index) => index + 1);
  return rounds.flatMap((round) => copiesIn(entries, round));
}

/** Snapshots that `volumes sync` took: the number of the sync that is under way or comes next, and what is settled, oldest first. */
export function syncsIn(entries: readonly JournalEntry[]): {
  next: number;
  taken: { claim: string; snapshot: string; at: string }[];
} {
  let next = 1;
  const taken: { claim: string; snapshot: string; at: string }[] = [];
  for (const entry of entries) {
    if (entry.type === "event" && entry.phase === "volumes" && entry.event === "synced") next++;
    if (entry.type !== "done") continue;
    const [, claim] = /^volumes-sync\d+\/snapshot\/(.+)$/.exec(entry.step) ?? [];
    if (claim !== undefined) taken.push({ claim, ...(entry.result as { snapshot: string }), at: entry.at });
  }
  return { next, taken };
}
