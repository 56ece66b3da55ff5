import { z } from "zod";
import type { JournalEntry, StepId } from "../model/journal.js";
import { readEvent } from "./events.js";
import { marking } from "./marks/marking.js";
import { recordedTarget } from "./targets/index.js";

/*
 * What the journal says of shifts. One attempt at a cutover is these events, with the intents of its steps between them:
 *
 *   cutover/started        everything that the attempt will need, above all the targets as they were before
 *   cutover/analysed       what the checks after a stage said, each time that it is something else
 *   cutover/stage-passed   the moves of a stage are settled, held and checked
 *   cutover/check-failed   from here on the way is back
 *   cutover/confirmed      somebody said that she has done what moves by hand
 *   cutover/completed      green serves everything
 *   rollback/started       from here on the way is back
 *   rollback/told          what moves by hand counts as back: the command says how to take it back
 *   rollback/completed     everything is as it was before; the next cutover is a new attempt
 */

const started = z.object({
  attempt: z.int().min(1),
  steps: z.array(z.int().min(1).max(100)),
  holdMs: z.number().min(0),
  targets: z.array(recordedTarget),
  /** Absent where nothing was to be left on what moves. */
  marking: marking.optional(),
});

/** `cutover/started`: enough to go on, and to go back, with nothing else. */
export type StartedShift = z.infer<typeof started>;

export interface ShiftHistory extends StartedShift {
  status: "moving" | "moved" | "returning" | "returned";
  /** Ids of the stages that are done and checked. */
  passed: ReadonlySet<string>;
  /** The check that turned the shift back, if one did. */
  failed?: FailedCheck;
}

const failedCheck = z.object({ stage: z.string(), outcome: z.enum(["failed", "inconclusive"]), detail: z.string() });
export type FailedCheck = z.infer<typeof failedCheck>;

/** The latest attempt; undefined where traffic was never touched. */
export function lastShift(entries: readonly JournalEntry[]): ShiftHistory | undefined {
  let last: (ShiftHistory & { passed: Set<string> }) | undefined;
  for (const entry of entries) {
    if (entry.type !== "event") continue;
    const name = `${entry.phase}/${entry.event}`;
    if (name === "cutover/started") {
      last = { ...readEvent(started, entry), status: "moving", passed: new Set() };
    } else if (last && name === "cutover/stage-passed") {
      last.passed.add(readEvent(z.object({ stage: z.string() }), entry).stage);
    } else if (last && name === "cutover/check-failed") {
      last = { ...last, status: "returning", failed: readEvent(failedCheck, entry) };
    } else if (last && name === "cutover/completed") {
      last.status = "moved";
    } else if (last && name === "rollback/started") {
      last.status = "returning";
    } else if (last && name === "rollback/completed") {
      last.status = "returned";
    }
  }
  return last;
}

export interface StepHistory {
  intended: boolean;
  done: boolean;
  /** Of the effect, where its answer came back. */
  changeId?: string;
}

export function stepHistory(entries: readonly JournalEntry[], step: StepId): StepHistory {
  const history: StepHistory = { intended: false, done: false };
  for (const entry of entries) {
    if (entry.type === "intent" && entry.step === step) history.intended = true;
    if (entry.type === "done" && entry.step === step) history.done = true;
    if (entry.type === "event" && entry.event === "submitted") {
      const data = entry.data as { step?: unknown; changeId?: unknown };
      if (data.step === step && typeof data.changeId === "string") history.changeId = data.changeId;
    }
  }
  return history;
}

/** Every state that the journal says we gave a target, or meant to, in this attempt, forth and back, and as blue was removed. */
export function knownStates(entries: readonly JournalEntry[], attempt: number, key: string): unknown[] {
  const prefixes = [`cutover-${attempt}/`, `rollback-${attempt}/`, `finish-${attempt}/`];
  return entries.flatMap((entry) =>
    entry.type === "intent" && entry.target === key && prefixes.some((prefix) => entry.step.startsWith(prefix))
      ? [entry.after]
      : [],
  );
}
