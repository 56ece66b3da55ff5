import type { Change } from "../../../aws/api.js";
import type { RecordSet } from "../../../model/traffic.js";
import { isMark } from "./mark.js";
import { describeSet, identityOf, nameKey, nameOf, sameSet } from "./record-sets.js";

/**
 * The batch that makes `from` into `to`, both all the sets of the same names. Forth and back are the same function: undo
 * is changesBetween(live, recorded).
 *
 * - DELETE holds the whole live set, and Route 53 refuses the batch when it differs by now: for the step from simple to
 *   weighted sets, and back, Route 53 itself so compares before it writes.
 * - DELETE comes first: Route 53 works in order, and refuses a weighted set beside a simple one of its name.
 * - UPSERT rather than CREATE, also for what is new: after the DELETE they do the same, and emulators refuse a CREATE
 *   that they have seen before.
 * - What stays beside a DELETE is written again: Route 53 leaves it alone, but emulators delete by the set identifier alone,
 *   which sets of other names have, too.
 */
export function changesBetween(from: readonly RecordSet[], to: readonly RecordSet[]): Change[] {
  assertAnswers(from, to);
  const wanted = new Set(to.map(identityOf));
  const live = new Map(from.map((set) => [identityOf(set), set]));
  const deletes = from.filter((set) => !wanted.has(identityOf(set)));
  const thinned = new Set(deletes.map((set) => nameKey(nameOf(set))));
  const upserts = to.filter((set) => {
    const present = live.get(identityOf(set));
    return !present || !sameSet(present, set) || thinned.has(nameKey(nameOf(set)));
  });
  return [
    ...deletes.map((set): Change => ({ Action: "DELETE", ResourceRecordSet: set })),
    ...upserts.map((set): Change => ({ Action: "UPSERT", ResourceRecordSet: set })),
  ];
}

/**
 * The guard of last resort, before every batch: each name that has an answer keeps one, and no weights are all zero,
 * since Route 53 would then answer from all of them alike. Throws a plain Error: it can only be a defect of ours.
 */
export function assertAnswers(from: readonly RecordSet[], to: readonly RecordSet[]): void {
  const after = groupByName(to);
  for (const key of groupByName(from.filter((set) => !isMark(set))).keys()) {
    if (!after.has(key)) throw new Error(`refused to leave ${key} without an answer`);
  }
  for (const [key, sets] of after) {
    const weighted = sets.filter((set) => set.SetIdentifier !== undefined);
    if (weighted.length > 0 && weighted.length < sets.length) {
      throw new Error(`refused to mix weighted and simple sets: ${sets.map(describeSet).join("; ")}`);
    }
    if (weighted.length === 0 && sets.length > 1) throw new Error(`refused to write ${key} twice`);
    // External-dns's TXT records have the weights of the sets that they are about, and nobody resolves them.
    if (weighted.length > 0 && !weighted.some((set) => set.Type === "TXT" || (set.Weight ?? 0) > 0)) {
      throw new Error(`refused to make all weights of ${key} zero`);
    }
    for (const set of sets) {
      if (!set.AliasTarget && !set.ResourceRecords?.length) throw new Error(`refused to write ${key} without a value`);
    }
  }
}

export function groupByName(sets: readonly RecordSet[]): Map<string, RecordSet[]> {
  const groups = new Map<string, RecordSet[]>();
  for (const set of sets) {
    const key = nameKey(nameOf(set));
    groups.set(key, [...(groups.get(key) ?? []), set]);
  }
  return groups;
}
