import type { JournalEntry } from "../model/journal.js";
import type { Analysed } from "../model/verdict.js";
import type { Doing, ShiftProgress, StageProgress } from "../model/watch.js";
import { lastShift, type ShiftHistory, stepHistory } from "./history.js";
import { stagesOf } from "./stages.js";
import type { Stage } from "./targets/target.js";

/**
 * How far the latest shift is, by its journal alone; undefined where none was begun.
 *
 * @throws UserError `journal-damaged` where another version wrote what this one can't understand
 */
export function shiftProgress(journal: readonly JournalEntry[]): ShiftProgress | undefined {
  const shift = lastShift(journal);
  if (!shift) return undefined;
  const entries = journal.slice(beginningOf(journal));
  const stages = stagesOf(shift);
  const current = stages.find(({ id }) => !shift.passed.has(id));
  const analysed = entries.flatMap((entry) =>
    entry.type === "event" && entry.phase === "cutover" && entry.event === "analysed"
      ? [{ at: entry.at, ...(entry.data as Analysed) }]
      : [],
  );
  return {
    attempt: shift.attempt,
    status: shift.status,
    began: entries[0]?.at ?? "",
    stages: stages.map((stage): StageProgress => {
      const state = shift.passed.has(stage.id) ? "passed" : stage === current ? "under way" : "to come";
      return { id: stage.id, what: stage.what, state };
    }),
    now: doing(shift, current, entries, analysed),
    failed: shift.failed ?? null,
    analysed: analysed.at(-1) ?? null,
  };
}

function beginningOf(journal: readonly JournalEntry[]): number {
  return journal.findLastIndex(
    (entry) => entry.type === "event" && entry.phase === "cutover" && entry.event === "started",
  );
}

function doing(
  { status, attempt, targets }: ShiftHistory,
  stage: Stage | undefined,
  entries: readonly JournalEntry[],
  analysed: readonly (Analysed & { at: string })[],
): Doing | null {
  if (status === "returning") {
    const steps = targets.map(({ key }) => `rollback-${attempt}/${key}`);
    const back = steps.filter((step) =>
      [step, `${step}/prepared`].some((each) => stepHistory(entries, each).done),
    ).length;
    return { doing: "return", since: lastAt(entries, isBeginOfReturn), done: back, of: targets.length };
  }
  if (status !== "moving" || !stage) return null;
  const moves = stage.moves.map(({ step }) => stepHistory(entries, step));
  const steps = new Set(stage.moves.map(({ step }) => step));
  const ofStage = (entry: JournalEntry) => "step" in entry && steps.has(entry.step);
  const begun = entries.find((entry) => ofStage(entry) && entry.type === "intent");
  if (!begun) return { doing: "begin", since: entries.at(-1)?.at ?? "" };
  const done = moves.filter((move) => move.done).length;
  if (done < moves.length) return { doing: "move", since: begun.at, done, of: moves.length };
  const since = lastAt(entries, (entry) => entry.type === "done" && ofStage(entry));
  const verdicts = analysed.filter((each) => each.stage === stage.id && each.at >= since);
  const uncertain = verdicts.findLastIndex(({ outcome }) => outcome !== "inconclusive") + 1;
  const first = verdicts[uncertain];
  if (first) return { doing: "wait", since: first.at };
  return { doing: "hold", since, until: new Date(Date.parse(since) + stage.holdMs).toISOString() };
}

const isBeginOfReturn = (entry: JournalEntry): boolean =>
  entry.type === "event" && ["cutover/check-failed", "rollback/started"].includes(`${entry.phase}/${entry.event}`);

function lastAt(entries: readonly JournalEntry[], is: (entry: JournalEntry) => boolean): string {
  return entries.findLast(is)?.at ?? "";
}
