import { z } from "zod";
import type { JournalEntry } from "../../model/journal.js";
import type { RecordSet } from "../../model/traffic.js";
import { readEvent } from "../events.js";
import { identityOf, nameKey, type RecordName, setsOf } from "../targets/route53/record-sets.js";
import { recordSet } from "../targets/route53/recorded.js";

/*
 * What the journal says of preparations. One is these events, with the intents of its steps between them:
 *
 *   prepare/started     the records as they were, and as they shall be
 *   prepare/completed   all name servers answer with the new TTL; resolvers do so once the old one is over
 *   prepare/undone      the records are as they were
 */

const preparedZone = z.object({
  key: z.string(),
  zoneId: z.string(),
  names: z.array(z.object({ name: z.string(), type: z.string() })).min(1),
  zoneNames: z.int().optional(),
  before: z.array(recordSet),
  live: z.array(recordSet),
  lowered: z.array(recordSet),
});
/**
 * The names of one zone that are changed in one batch: their sets as they were before any preparation, as this one found
 * them, and as they are from then on; all in the same order.
 */
export type PreparedZone = z.infer<typeof preparedZone>;

const started = z.object({ number: z.int().min(1), ttl: z.int().min(0), zones: z.array(preparedZone) });
/** `prepare/started`: enough to go on, and to go back. `ttl` in seconds. */
export type StartedPreparation = z.infer<typeof started>;

const completed = z.object({ number: z.int().min(1), ttl: z.int().min(0), oldTtlEnds: z.iso.datetime() });
/** `prepare/completed`. `oldTtlEnds`: from then on no resolver has an answer with the old TTL any more. */
export type CompletedPreparation = z.infer<typeof completed>;

export interface Preparation extends StartedPreparation {
  status: "lowering" | "lowered";
  /** ISO 8601, UTC; once it is lowered. */
  oldTtlEnds?: string;
}

/** What was prepared and still stands; undefined where there is nothing, or it was undone. */
export function standingPreparation(entries: readonly JournalEntry[]): Preparation | undefined {
  let last: Preparation | undefined;
  for (const entry of entries) {
    if (entry.type !== "event" || entry.phase !== "prepare") continue;
    if (entry.event === "started") last = { ...last, ...readEvent(started, entry), status: "lowering" };
    else if (entry.event === "undone") last = undefined;
    else if (last && entry.event === "completed")
      last = { ...last, status: "lowered", oldTtlEnds: readEvent(completed, entry).oldTtlEnds };
  }
  return last;
}

/** The greatest number so far: the next preparation has the next one. */
export function lastNumber(entries: readonly JournalEntry[]): number {
  return entries.reduce(
    (most, entry) =>
      entry.type === "event" && entry.phase === "prepare" && entry.event === "started"
        ? Math.max(most, readEvent(started, entry).number)
        : most,
    0,
  );
}

/**
 * One name's sets with the TTLs that they had before they were prepared; its values are those of now. A set that isn't as
 * it was prepared keeps what it has: somebody else has decided.
 */
export function originalOf(
  live: readonly RecordSet[],
  zoneId: string,
  name: RecordName,
  prepared: Preparation | undefined,
): RecordSet[] {
  const zone = prepared?.zones.find(
    (each) => each.zoneId === zoneId && each.names.some((one) => nameKey(one) === nameKey(name)),
  );
  if (!zone) return [...live];
  const byIdentity = (sets: readonly RecordSet[]) => new Map(setsOf(sets, [name]).map((set) => [identityOf(set), set]));
  const [before, lowered] = [byIdentity(zone.before), byIdentity(zone.lowered)];
  return live.map((set) => {
    const original = before.get(identityOf(set))?.TTL;
    const untouched = original !== undefined && lowered.get(identityOf(set))?.TTL === set.TTL;
    return untouched ? { ...set, TTL: original } : set;
  });
}
