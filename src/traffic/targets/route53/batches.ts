import type { Answer, RecordSet } from "../../../model/traffic.js";
import { markLength } from "./mark.js";
import { type RecordName, setsOf } from "./record-sets.js";

/** Route 53's limits for one batch. */
const mostRecords = 1_000;
const mostCharacters = 32_000;
/** What a mark's first line leaves of them. */
const withMark = { records: mostRecords - 2, characters: mostCharacters - 200 };

/** A name with what is to be written beside its sets; nothing, where only these change. */
export interface BatchedName extends RecordName {
  green: Answer;
  /** TXT records of external-dns that are about it. */
  txts?: readonly RecordName[];
}

/**
 * The names of one zone, in as few batches as Route 53's limits allow: all names of a batch move in one transaction. A name
 * counts with its dearest change, from simple to weighted: blue's values deleted once and written once, green's written
 * once, and what is written counts twice.
 *
 * @param marked whether the batch's mark is written with it
 */
export function batchesOf<Name extends BatchedName>(
  targets: readonly Name[],
  zone: readonly RecordSet[],
  marked = false,
): Name[][] {
  const batches: Name[][] = [];
  let room = { records: 0, characters: 0 };
  for (const target of targets) {
    const cost = costOf(target, setsOf(zone, [target, ...(target.txts ?? [])]), marked);
    const batch = batches.at(-1);
    if (batch && cost.records <= room.records && cost.characters <= room.characters) {
      batch.push(target);
    } else {
      batches.push([target]);
      room = marked ? { ...withMark } : { records: mostRecords, characters: mostCharacters };
    }
    room = { records: room.records - cost.records, characters: room.characters - cost.characters };
  }
  return batches;
}

function costOf(
  target: BatchedName,
  blue: readonly RecordSet[],
  marked: boolean,
): { records: number; characters: number } {
  const values = blue.flatMap(
    (set) => set.ResourceRecords?.map(({ Value }) => Value) ?? [set.AliasTarget?.DNSName ?? ""],
  );
  const green = "length" in target.green ? target.green : [target.green.DNSName];
  const length = (all: readonly string[]) => all.reduce((sum, value) => sum + value.length, 0);
  const lines = marked ? setsOf(blue, [target]).map(markLength) : [];
  return {
    records: 3 * values.length + 2 * green.length + 2 * lines.length,
    characters: 3 * length(values) + 2 * length(green) + 2 * lines.reduce((sum, each) => sum + each, 0),
  };
}
