import type { JournalEntry } from "../../../model/journal.js";

const prefix = "backup-create/";

export const creationStep = (name: string): string => `${prefix}${name}`;

/** The last backup that this run had blue's Velero make. */
export function createdBackup(entries: readonly JournalEntry[]): string | undefined {
  const last = entries.findLast((entry) => entry.type === "done" && entry.step.startsWith(prefix));
  return last?.type === "done" ? last.step.slice(prefix.length) : undefined;
}
