import { describe, expect, it } from "vitest";
import type { JournalRecord } from "../../src/model/journal.js";
import { mustGoBack } from "../../src/run/gates/window.js";
import { wayBackTime } from "../../src/run/way-back-time.js";
import { samplePlan } from "../model/samples.js";
import { ago, journalOf, minute, now, shiftIntent } from "./evidence.js";

const step = shiftIntent.type === "intent" ? shiftIntent.step : "";
const submitted: JournalRecord = { type: "event", phase: "cutover", event: "submitted", data: { step, changeId: "c" } };
const done: JournalRecord = { type: "done", step, result: {} };
/** Sent in 2 s, settled in 70 s. */
const whole = journalOf([ago(90_000), shiftIntent], [ago(88_000), submitted], [ago(18_000), done]);

describe("the time of a way back", () => {
  it.each<[string, Parameters<typeof wayBackTime>[2], number, object]>([
    ["by the plan before anything was done", [], 0, { ms: 300_000, basis: "the plan's bound" }],
    [
      "by the plan while the first step isn't settled",
      whole.slice(0, 2),
      0,
      { ms: 300_000, basis: "the plan's bound" },
    ],
    ["by what a step took", whole, 0, { ms: 70_000 + 3 * 2_000, settleMs: 70_000, basis: "measured" }],
    ["by the plan where that was before a crash", whole, 2, { basis: "the plan's bound" }],
    [
      "by the plan where a clock was set",
      journalOf([ago(0), shiftIntent], [ago(88_000), submitted], [ago(18_000), done]),
      0,
      { basis: "the plan's bound" },
    ],
    [
      "not by what prepare did",
      journalOf([ago(90_000), { ...shiftIntent, phase: "prepare" } as JournalRecord], [ago(18_000), done]),
      0,
      { basis: "the plan's bound" },
    ],
    [
      "with what AWS gives no id for, as addresses",
      journalOf([ago(5_000), shiftIntent], [ago(4_000), done]),
      0,
      { ms: 1_000, basis: "measured" },
    ],
  ])("is told %s", (_, entries, since, time) => {
    expect(wayBackTime(300_000, 3, entries, since)).toMatchObject(time);
  });
});

describe("a shift that is under way", () => {
  const plan = (closesIn: number) =>
    samplePlan({
      rollbackSeconds: 300,
      window: { opens: ago(60 * minute), closes: new Date(now + closesIn).toISOString() },
    });
  it.each<[string, number, number, RegExp | undefined]>([
    ["goes on while there is time", 20 * minute, 10 * minute, undefined],
    [
      "goes back before a step after which it couldn't",
      20 * minute - 1,
      10 * minute,
      /the next step and the way back take 20m/,
    ],
    ["goes back without a hold, too", 10 * minute - 1, 0, /take 10m/],
    ["goes back when the window is over", 0, 0, /closed at/],
  ])("%s", (_, left, holdMs, what) => {
    const refusal = mustGoBack({ plan: plan(left), now, journal: [] }, holdMs, 0);
    if (what) expect(refusal?.what).toMatch(what);
    else expect(refusal).toBeUndefined();
  });

  it("goes by what its steps took", () => {
    const asked = { plan: plan(3 * minute), now, journal: whole };
    // One target: 70 s to settle, 2 s to send, and 70 s for the next step.
    expect(mustGoBack(asked, 30_000, 0)).toBeUndefined();
    expect(mustGoBack(asked, 39_000, 0)?.what).toMatch(/\(measured\)/);
  });

  it("goes on at any time without a window", () => {
    expect(mustGoBack({ plan: samplePlan({ window: null }), now, journal: [] }, 0, 0)).toBeUndefined();
    expect(mustGoBack({ now, journal: [] }, 0, 0)).toBeUndefined();
  });
});
