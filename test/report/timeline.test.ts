import { describe, expect, it } from "vitest";
import type { JournalRecord } from "../../src/model/journal.js";
import { timelineOf } from "../../src/report/timeline.js";

const intent = (step: string): JournalRecord => ({
  type: "intent",
  step,
  phase: "cutover",
  what: `do ${step}`,
  target: "t",
  before: null,
  after: null,
});
const done = (step: string): JournalRecord => ({ type: "done", step, result: {} });
const failed = (step: string): JournalRecord => ({ type: "failed", step, error: "no" });
const event = (data: unknown): JournalRecord => ({ type: "event", phase: "cutover", event: "started", data });

const story = (records: JournalRecord[]): string[] =>
  timelineOf(records.map((record, n) => ({ ...record, seq: n + 1, at: String(n), sum: "" }))).map(
    ({ at, phase, what, outcome }) => `${at} ${phase} ${outcome}: ${what}`,
  );

describe("timelineOf", () => {
  it.each<[string, JournalRecord[], string[]]>([
    ["nothing", [], []],
    ["a step under way", [intent("a")], ["0 cutover under way: do a (t)"]],
    [
      "steps in the order of their intents, however they ended",
      [intent("a"), intent("b"), failed("b"), done("a")],
      ["0 cutover done: do a (t)", "1 cutover failed: do b (t): no"],
    ],
    ["a step gone on with after a crash, once", [intent("a"), intent("a"), done("a")], ["0 cutover done: do a (t)"]],
    [
      "a step tried again after it failed, twice",
      [intent("a"), failed("a"), intent("a"), done("a")],
      ["0 cutover failed: do a (t): no", "2 cutover done: do a (t)"],
    ],
    ["an end without a beginning not at all", [done("a"), failed("b")], []],
    [
      "an event with its plain facts",
      [event({ attempt: 1, ok: true, why: "w", deep: { x: 1 }, none: null })],
      ["0 cutover event: started: attempt 1, ok true, why w"],
    ],
    [
      "an event without facts",
      [event(null), event("x"), event({})],
      ["0 cutover event: started", "1 cutover event: started", "2 cutover event: started"],
    ],
  ])("tells %s", (_, records, lines) => {
    expect(story(records)).toEqual(lines);
  });
});
