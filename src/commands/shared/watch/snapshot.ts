import { messageOf } from "../../../model/errors.js";
import type { JournalEntry } from "../../../model/journal.js";
import type { Portion } from "../../../model/traffic.js";
import type { Look, NameAnswers, WatchedHealth, WatchedJournal, WatchSnapshot } from "../../../model/watch.js";
import { windowAt } from "../../../model/window.js";
import { timelineOf } from "../../../report/timeline.js";
import { trafficState } from "../../../run/evidence.js";
import { mustGoBack, windowGates } from "../../../run/gates/window.js";
import { wayBackTime } from "../../../run/way-back-time.js";
import { shiftProgress } from "../../../traffic/progress.js";
import type { NewestRecord } from "./newest-record.js";

/** What was seen of each thing, each at its own time. */
export interface Sights {
  record: Look<NewestRecord | undefined>;
  traffic: Look<{ portions: Portion[]; unseen: string[] }>;
  answers: Look<NameAnswers[]>;
  blue: Look<WatchedHealth>;
  green: Look<WatchedHealth>;
}

/** How many of the latest moments and troubles are told. */
const mostTold = 5;

/** Everything that is shown at one moment. Never throws: what can't be understood is said. */
export function snapshotOf(
  { record, traffic, answers, blue, green }: Sights,
  { environment, inconclusiveForMs }: { environment: string; inconclusiveForMs: number },
  now: number,
): WatchSnapshot {
  const entries = record.value?.entries ?? [];
  const warnings = [...(record.value?.warnings ?? [])];
  const at = trafficState(entries);
  const shift = progressOf(entries, warnings);
  return {
    at: new Date(now).toISOString(),
    environment,
    run: record.value?.run ?? null,
    traffic: { at: at.at, since: at.at === "blue" ? null : at.since },
    shift,
    journal: { at: record.at, trouble: record.trouble, value: record.value ? journalOf(record.value, warnings) : null },
    portions: { at: traffic.at, trouble: traffic.trouble, value: traffic.value?.portions ?? null },
    unseen: traffic.value?.unseen ?? [],
    answers,
    health: { blue, green },
    budget: { ...budgetOf(record.value, now, shift?.status === "moved"), inconclusiveForMs },
  };
}

function progressOf(entries: readonly JournalEntry[], warnings: string[]): WatchSnapshot["shift"] {
  try {
    return shiftProgress(entries) ?? null;
  } catch (error) {
    warnings.push(messageOf(error));
    return null;
  }
}

function journalOf({ from, entries, work }: NewestRecord, warnings: string[]): WatchedJournal {
  const lately = timelineOf(entries.slice(-4 * mostTold)).slice(-mostTold);
  return {
    ...{ from, work, warnings },
    entries: entries.length,
    lastAt: entries.at(-1)?.at ?? null,
    lately: lately.map(({ at, phase, what, outcome }) => ({
      at,
      what: `${phase} ${what}${outcome === "event" ? "" : `: ${outcome}`}`,
    })),
    errors: entries.flatMap(errorsIn).slice(-mostTold),
  };
}

function errorsIn(entry: JournalEntry): { at: string; what: string }[] {
  if (entry.type === "failed") return [{ at: entry.at, what: `${entry.step}: ${entry.error}` }];
  if (entry.type !== "event") return [];
  const { gate, reason, stage, detail } = entry.data as Record<string, unknown>;
  if (entry.event === "forced") return [{ at: entry.at, what: `gate ${gate} was overridden: ${reason}` }];
  if (entry.event === "check-failed") return [{ at: entry.at, what: `${stage}: ${detail}` }];
  return [];
}

function budgetOf(
  record: NewestRecord | undefined | null,
  now: number,
  isOver: boolean,
): Omit<WatchSnapshot["budget"], "inconclusiveForMs"> {
  const { plan, entries = [] } = record ?? {};
  if (!plan) return { closes: null, trouble: null, wayBackMs: null, wayBackBasis: null, cutoverMs: null };
  const since = entries.findLastIndex((entry) => entry.type === "event" && entry.event === "started");
  const { ms, basis } = wayBackTime(plan.rollbackSeconds * 1000, plan.targets.length, entries, Math.max(0, since));
  const cutover = plan.budgets.find(({ phase }) => phase === "cutover");
  const evidence = { plan, now, journal: [...entries], configHash: "" };
  const refusal = isOver
    ? undefined
    : (windowGates.insideWindow.check(evidence) ?? mustGoBack(evidence, 0, Math.max(0, since)));
  return {
    closes: closesOf(plan, now),
    trouble: refusal?.what ?? null,
    wayBackMs: ms,
    wayBackBasis: basis,
    cutoverMs: cutover ? cutover.seconds * 1000 : null,
  };
}

function closesOf({ window }: NonNullable<NewestRecord["plan"]>, now: number): string | null {
  try {
    const state = window && windowAt(now, window);
    return state?.open && state.closes !== undefined ? new Date(state.closes).toISOString() : null;
  } catch {
    return null;
  }
}
