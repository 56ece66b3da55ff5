import type { JournalEntry } from "./journal.js";
import { type ObjectRef, refKey } from "./objects.js";

/**
 * How long green stays quiet. - cutover: until green serves all traffic; - teardown: until blue, which does the same, is
 * gone; - person: until somebody decides, since it may have been done on blue meanwhile.
 */
export const holdEnds = ["cutover", "teardown", "person"] as const;
export type HoldEnd = (typeof holdEnds)[number];

/** The one field by which an object is kept from acting. */
export interface HeldField {
  /** Id of the hold, which is a change of the stage `hold`. */
  hold: string;
  until: HoldEnd;
  /** JSON pointer. */
  pointer: string;
  held: unknown;
  /** What blue has there; absent where blue has no such field. */
  original?: unknown;
}

/** An object that green has, and that doesn't act there yet. */
export interface HeldObject extends HeldField {
  object: ObjectRef;
  /** In which green has it. */
  apiVersion: string;
}

/** held.json: what the last replay held. What was released since, the journal says. */
export interface HeldRecord {
  format: 1;
  /** ISO 8601, UTC. */
  at: string;
  green: { clusterId: string };
  objects: HeldObject[];
}

export type HoldDirection = "release" | "hold";

/** The last that the journal says of a held object. */
export interface HoldMove {
  direction: HoldDirection;
  /** 1 for the first release and the hold after it, then 2, … */
  round: number;
  done: boolean;
  held: HeldObject;
  /** Entries of `managedFields` that had the field before. */
  owners: readonly unknown[];
}

/** What an intent to release, or to hold again, records before and after: enough to go on, and to go back. */
export interface HoldState {
  clusterId: string;
  held: HeldObject;
  /** At the pointer; absent where there is nothing. */
  value?: unknown;
  /** Entries of `managedFields` that have the field, and keep it. */
  owners: readonly unknown[];
}

export function holdStep(direction: HoldDirection, round: number, object: ObjectRef): string {
  return `${direction}-${round}/${refKey(object)}`;
}

/** The last move of each object of a green, by `refKey`. */
export function holdMoves(journal: readonly JournalEntry[], clusterId: string): Map<string, HoldMove> {
  const moves = new Map<string, HoldMove>();
  const open = new Map<string, string>();
  for (const entry of journal) {
    if (entry.type === "intent") {
      const [, direction, round] = /^(release|hold)-(\d+)\//.exec(entry.step) ?? [];
      if (!direction) continue;
      const state = entry.before as HoldState;
      if (state.clusterId !== clusterId) continue;
      const key = refKey(state.held.object);
      const { held, owners } = state;
      moves.set(key, { direction: direction as HoldDirection, round: Number(round), done: false, held, owners });
      open.set(entry.step, key);
    } else if (entry.type === "done") {
      const move = moves.get(open.get(entry.step) ?? "");
      if (move) move.done = true;
    }
  }
  return moves;
}

/** Whether an object acts on green, as far as the journal knows: released, and not held again since. */
export function isReleased({ direction, done }: HoldMove): boolean {
  return direction === "release" ? done : !done;
}

/** What of a record is still held. A release that was begun and not settled counts as held: the same command goes on. */
export function stillHeld(record: HeldRecord | undefined, journal: readonly JournalEntry[]): HeldObject[] {
  if (!record) return [];
  const moves = holdMoves(journal, record.green.clusterId);
  return record.objects.filter(({ object }) => {
    const move = moves.get(refKey(object));
    return move === undefined || !isReleased(move);
  });
}

/** Objects, as `refKey` names them, that somebody else had changed when they should be released: they are as they were left. */
export function leftKeys(journal: readonly JournalEntry[], clusterId: string): Set<string> {
  const left = new Set<string>();
  for (const entry of journal) {
    if (entry.type === "event" && entry.phase === "release" && entry.event === "left") {
      const data = entry.data as { clusterId: string; object: string };
      if (data.clusterId === clusterId) left.add(data.object);
    }
  }
  for (const [key, { done }] of holdMoves(journal, clusterId)) if (done) left.delete(key);
  return left;
}

/** What was released, and would be held again by a rollback; a release that was begun may have been done. */
export function toHoldAgain(journal: readonly JournalEntry[], clusterId: string): HeldObject[] {
  return [...holdMoves(journal, clusterId).values()]
    .filter(({ direction, done }) => direction === "release" || !done)
    .map(({ held }) => held);
}

/** Objects that act on green by now, as `refKey` gives them. */
export function releasedKeys(journal: readonly JournalEntry[], clusterId: string | undefined): Set<string> {
  if (clusterId === undefined) return new Set();
  return new Set([...holdMoves(journal, clusterId)].filter(([, move]) => isReleased(move)).map(([key]) => key));
}

/** `3 until cutover, 2 until teardown`: one line for people. */
export function countByEnd(held: readonly Pick<HeldObject, "until">[]): string {
  return holdEnds
    .map((end) => ({ end, count: held.filter(({ until }) => until === end).length }))
    .filter(({ count }) => count > 0)
    .map(({ end, count }) => `${count} ${describeEnd(end)}`)
    .join(", ");
}

export function describeEnd(end: HoldEnd): string {
  return end === "person" ? "until somebody decides" : `until ${end}`;
}
