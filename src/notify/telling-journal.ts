import type { Journal, JournalEntry } from "../model/journal.js";

/**
 * A journal that tells what is written to it, each entry once and in order, after it is on disk. Whatever the listener does costs
 * the writer nothing: it isn't awaited, and what it throws is swallowed.
 */
export function tellingJournal(journal: Journal, listener: (entries: readonly JournalEntry[]) => void): Journal {
  return {
    entries: () => journal.entries(),
    async append(record) {
      await journal.append(record);
      try {
        listener(journal.entries());
      } catch {
        // Who is told of a step has no say in it.
      }
    },
  };
}
