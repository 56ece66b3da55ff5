import { z } from "zod";
import { UserError } from "../model/errors.js";
import type { JournalEntry } from "../model/journal.js";

/** What an event of the journal holds. @throws UserError `journal-damaged` where it isn't of that shape */
export function readEvent<T>(schema: z.ZodType<T>, entry: JournalEntry & { type: "event" }): T {
  const result = schema.safeParse(entry.data);
  if (result.success) return result.data;
  throw new UserError({
    code: "journal-damaged",
    what: `The journal's entry ${entry.seq} (${entry.phase}/${entry.event}) can't be understood: ${z.prettifyError(result.error)}`,
    fix: "It was written by another version of clustershift: use that one for this run.",
  });
}
