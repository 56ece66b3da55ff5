import type { JudgedResource } from "../model/cloud.js";
import type { TeardownReceipt } from "../model/teardown.js";
import type { Table } from "./tables.js";

/** A sentence, and the table that it introduces. */
export interface Remains {
  text: string;
  table?: Table;
}

/** The receipt of a teardown: when blue went, what stays of it, and what became of all that it had in AWS. */
export function remainsOf(receipt: TeardownReceipt): Remains[] {
  const { blue, goneAt, bundle, drained, snapshots, removed, kept, left, unseen } = receipt;
  return [
    { text: `${blue} is gone since ${goneAt}. What is left was last looked at ${receipt.at}.` },
    { text: bundle ? `Its bundle: ${bundle.path}, ${bundle.hash}.` : "No bundle of it was verified." },
    ...listed("Drained before, so that controllers released what they had made:", ["at", "object"], drained, (each) => [
      each.at,
      each.object,
    ]),
    ...listed("Final snapshots:", ["snapshot", "of", "volume", "keep until"], snapshots, (each) => [
      each.id,
      each.of,
      each.volume,
      each.keepUntil,
    ]),
    ...listed("Removed by a sweep:", ["at", ...head], removed, (each) => [each.at, ...row(each)]),
    ...listed("Stays, since something needs it:", [...head, "why it stays"], kept, (each) => [...row(each), each.kept]),
    ...listed("Left behind, and needed by nothing that is known:", head, left, row),
    ...listed("Could not be looked at:", ["kind", "why"], unseen, (each) => [each.kind, each.why]),
  ];
}

const head = ["kind", "id", "name", "why it's thought blue's"];
const row = ({ kind, id, name, because }: JudgedResource): string[] => [kind, id, name, because];

function listed<Item>(
  title: string,
  columns: string[],
  items: readonly Item[],
  cells: (item: Item) => string[],
): Remains[] {
  return items.length === 0 ? [] : [{ text: title, table: { head: columns, rows: items.map(cells), numeric: [] } }];
}
