import type { JournalEntry } from "../model/journal.js";
import { lastShift } from "./history.js";

/**
 * What people must take back by hand after the latest attempt went back: one line each. What somebody was asked to do counts, also where
 * she never said that she did: she may have.
 */
export function toTakeBack(entries: readonly JournalEntry[]): string[] {
  const last = lastShift(entries);
  if (last?.status !== "returned") return [];
  return last.targets.flatMap((target) => {
    if (target.kind !== "manual") return [];
    const step = `cutover-${last.attempt}/${target.key}`;
    const of = (type: "intent" | "done") => entries.some((entry) => entry.type === type && entry.step === step);
    if (!of("intent")) return [];
    return [`By hand, ${target.name}${of("done") ? "" : " (if it was done)"}: ${target.blue}`];
  });
}
