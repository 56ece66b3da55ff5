import type { Journal, JournalEntry } from "../../src/model/journal.js";

export class Killed extends Error {}

/** A journal in memory; `dies` throws instead of the record of that number, as kill -9 would. */
export function memoryJournal(entries: JournalEntry[] = [], dies = Number.POSITIVE_INFINITY): Journal {
  return {
    entries: () => [...entries],
    async append(record) {
      if (entries.length + 1 >= dies) throw new Killed();
      entries.push({ ...structuredClone(record), seq: entries.length + 1, at: "2026-11-28T22:00:00Z", sum: "" });
    },
  };
}
