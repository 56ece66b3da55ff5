import type { JournalEntry } from "../model/journal.js";

/** One line of a run's story. */
export interface Moment {
  at: string;
  phase: string;
  what: string;
  outcome: "done" | "failed" | "under way" | "event";
}

/**
 * The journal as people read it: each step at the time of its intent, with how it ended. A step that was interrupted and
 * gone on with is one moment; one that failed and was tried again is two.
 */
export function timelineOf(journal: readonly JournalEntry[]): Moment[] {
  const moments: Moment[] = [];
  const steps = new Map<string, Moment>();
  for (const entry of journal) {
    if (entry.type === "event") {
      moments.push({
        at: entry.at,
        phase: entry.phase,
        what: describeEvent(entry.event, entry.data),
        outcome: "event",
      });
    } else if (entry.type === "intent") {
      if (steps.get(entry.step)?.outcome === "under way") continue;
      const moment: Moment = {
        at: entry.at,
        phase: entry.phase,
        what: `${entry.what} (${entry.target})`,
        outcome: "under way",
      };
      steps.set(entry.step, moment);
      moments.push(moment);
    } else {
      const moment = steps.get(entry.step);
      if (!moment) continue;
      moment.outcome = entry.type === "done" ? "done" : "failed";
      if (entry.type === "failed") moment.what += `: ${entry.error}`;
    }
  }
  return moments;
}

function describeEvent(event: string, data: unknown): string {
  const facts = data !== null && typeof data === "object" ? Object.entries(data) : [];
  const short = facts
    .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
    .map(([key, value]) => `${key} ${value}`);
  return short.length > 0 ? `${event}: ${short.join(", ")}` : event;
}
