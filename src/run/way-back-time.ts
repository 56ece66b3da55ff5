import type { JournalEntry } from "../model/journal.js";

/** How long a way back takes, in milliseconds. */
export interface WayBackTime {
  /** All of it. */
  ms: number;
  /** Its waiting: until a change is INSYNC and the TTL is over. A step forth waits as long. */
  settleMs: number;
  basis: "the plan's bound" | "measured";
}

/**
 * How long it takes to go back: all changes are sent one after the other, and then waited for together. By what the steps of this run
 * took, where any was done; else by the plan's upper bound.
 *
 * @param plannedMs the plan's upper bound
 * @param targets that may have to go back
 * @param since number of the last entry before what is measured: a step that a crash interrupted took somebody's sleep
 */
export function wayBackTime(
  plannedMs: number,
  targets: number,
  entries: readonly JournalEntry[],
  since = 0,
): WayBackTime {
  const sent: number[] = [];
  const settled: number[] = [];
  const intents = new Map<string, number>();
  const submitted = new Map<string, number>();
  for (const entry of entries.slice(since)) {
    const at = Date.parse(entry.at);
    if (entry.type === "intent" && isOfShift(entry.phase)) intents.set(entry.step, at);
    if (entry.type === "event" && isOfShift(entry.phase) && entry.event === "submitted") {
      const { step } = entry.data as { step?: unknown };
      const from = intents.get(String(step));
      if (from === undefined) continue;
      submitted.set(String(step), at);
      sent.push(at - from);
    }
    if (entry.type === "done") {
      const from = submitted.get(entry.step) ?? intents.get(entry.step);
      if (from !== undefined) settled.push(at - from);
    }
  }
  const sane = (times: number[]) => times.filter((ms) => Number.isFinite(ms) && ms >= 0);
  const [calls, waits] = [sane(sent), sane(settled)];
  // A clock that was set tells nothing either.
  if (waits.length === 0 || calls.length < sent.length || waits.length < settled.length)
    return { ms: plannedMs, settleMs: plannedMs, basis: "the plan's bound" };
  const settleMs = Math.max(...waits);
  return { ms: settleMs + targets * Math.max(0, ...calls), settleMs, basis: "measured" };
}

const isOfShift = (phase: string): boolean => phase === "cutover" || phase === "rollback";
