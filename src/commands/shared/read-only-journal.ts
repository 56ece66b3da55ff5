import type { Journal } from "../../model/journal.js";
import { readJournal } from "../../run/journal.js";
import type { RunFolder } from "../../run/run-folder.js";

/** A run's journal for a dry run, which may look and must not write. */
export async function readOnlyJournal(run: RunFolder): Promise<Journal> {
  const entries = await readJournal(run.journalPath);
  return {
    entries: () => entries,
    append: async () => {
      throw new Error("a dry run doesn't write to the journal");
    },
  };
}
