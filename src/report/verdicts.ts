import type { JournalEntry } from "../model/journal.js";
import type { Analysed } from "../model/verdict.js";
import type { Table } from "./tables.js";

/** What the checks after each step said, each time that it was something else; undefined where nothing was checked. */
export function verdictsTable(journal: readonly JournalEntry[]): Table | undefined {
  const rows = journal.flatMap((entry) => {
    if (entry.type !== "event" || entry.phase !== "cutover" || entry.event !== "analysed") return [];
    const { stage, checks } = entry.data as Analysed;
    return checks.map(({ name, kind, outcome, detail }) => [entry.at, stage, outcome, name, kind, detail]);
  });
  return rows.length === 0
    ? undefined
    : { head: ["at", "step", "outcome", "check", "kind", "seen"], rows, numeric: [] };
}
