import { type Accounting, type Counts, endings, type Outcome } from "../model/accounting.js";
import { kindKey } from "../model/objects.js";

/** Counts each outcome once, under its kind and in the total: what was listed is the sum of how it ended. */
export function account(outcomes: Iterable<Outcome>): Accounting {
  const kinds: Record<string, Counts> = {};
  const total = noCounts();
  for (const { object, ending } of outcomes) {
    const key = kindKey(object);
    kinds[key] ??= noCounts();
    for (const counts of [kinds[key], total]) {
      counts.listed++;
      counts[ending]++;
    }
  }
  return { kinds: Object.fromEntries(Object.entries(kinds).sort(([a], [b]) => (a < b ? -1 : 1))), total };
}

/**
 * Where what was read is not what the source said that it holds: `Kind.group` with both counts. Empty when every object
 * is accounted for.
 */
export function unaccounted(
  accounting: Accounting,
  listed: Iterable<{ kind: string; count: number }>,
): { kind: string; listed: number; ended: number }[] {
  const missing = [];
  for (const { kind, count } of listed) {
    const ended = accounting.kinds[kind]?.listed ?? 0;
    if (ended !== count) missing.push({ kind, listed: count, ended });
  }
  return missing;
}

function noCounts(): Counts {
  return {
    listed: 0,
    ...(Object.fromEntries(endings.map((ending) => [ending, 0])) as Record<string, number>),
  } as Counts;
}
