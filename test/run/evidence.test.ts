import { describe, expect, it } from "vitest";
import type { JournalRecord } from "../../src/model/journal.js";
import { isFinished, trafficState } from "../../src/run/evidence.js";
import { backDone, backIntent, journalOf, shiftDone, shiftIntent, teardownDone } from "./evidence.js";

const t = (n: number): string => `2026-11-28T22:0${n}:00.000Z`;
const started: JournalRecord = { type: "event", phase: "cutover", event: "started", data: {} };
const settled: JournalRecord = {
  type: "done",
  step: shiftIntent.type === "intent" ? shiftIntent.step : "",
  result: {},
};
const failed: JournalRecord = { type: "failed", step: "x", error: "no" };
const otherPhase: JournalRecord = { ...shiftIntent, type: "intent", step: "m", phase: "migrate" } as JournalRecord;

describe("trafficState", () => {
  it.each<[string, JournalRecord[], unknown]>([
    ["nothing was done", [], { at: "blue" }],
    ["other phases did something", [otherPhase, settled], { at: "blue" }],
    ["a shift was announced but nothing tried", [started], { at: "blue" }],
    ["the first step was tried, however it ended", [started, shiftIntent], { at: "between", since: t(1) }],
    ["a step failed", [shiftIntent, failed], { at: "between", since: t(0) }],
    ["several steps were done", [shiftIntent, settled, shiftIntent], { at: "between", since: t(0) }],
    ["the shift is complete", [shiftIntent, settled, shiftDone], { at: "green", since: t(2) }],
    ["it is said again that it is complete", [shiftIntent, shiftDone, shiftDone], { at: "green", since: t(1) }],
    ["the way back has begun", [shiftIntent, shiftDone, backIntent], { at: "between", since: t(2) }],
    ["the way back is done", [shiftIntent, shiftDone, backIntent, backDone], { at: "blue" }],
    ["the way back of a broken shift is done", [shiftIntent, backIntent, backDone], { at: "blue" }],
    ["a second shift is under way", [shiftIntent, backDone, shiftIntent], { at: "between", since: t(2) }],
    [
      "a second shift is complete",
      [shiftIntent, shiftDone, backDone, shiftIntent, shiftDone],
      { at: "green", since: t(4) },
    ],
    [
      "an event of another phase has the same name",
      [shiftIntent, { ...shiftDone, phase: "migrate" } as JournalRecord],
      { at: "between", since: t(0) },
    ],
  ])("when %s", (_, records, state) => {
    expect(trafficState(journalOf(...records.map((record, n): [string, JournalRecord] => [t(n), record])))).toEqual(
      state,
    );
  });
});

describe("isFinished", () => {
  it.each<[string, JournalRecord[], boolean]>([
    ["an empty journal", [], false],
    ["a finished shift", [shiftDone], false],
    ["a teardown that was only tried", [{ ...shiftIntent, phase: "teardown" } as JournalRecord], false],
    ["a finished teardown", [shiftDone, teardownDone], true],
  ])("%s", (_, records, finished) => {
    expect(isFinished(journalOf(...records.map((record): [string, JournalRecord] => [t(0), record])))).toBe(finished);
  });
});
