import { describe, expect, it } from "vitest";
import type { JournalRecord } from "../../src/model/journal.js";
import { eventsOf } from "../../src/notify/from-journal.js";
import { entriesOf } from "./notices.js";

const event = (name: string, data: unknown = {}): JournalRecord => {
  const [phase = "", what = ""] = name.split("/");
  return { type: "event", phase, event: what, data };
};
const intent = (phase: string, step: string, target = "t"): JournalRecord => ({
  type: "intent",
  phase,
  step,
  what: `do ${step}`,
  target,
  before: null,
  after: null,
});
const done = (step: string): JournalRecord => ({ type: "done", step, result: {} });
const failed = (step: string, error = "no"): JournalRecord => ({ type: "failed", step, error });

const told = (records: JournalRecord[], after?: number): string[] =>
  eventsOf(entriesOf(records), after).map(({ kind, seq, step, stage, detail }) =>
    [seq, kind, step, stage, detail].filter((part) => part !== undefined).join(" | "),
  );

const started = event("cutover/started", { attempt: 1 });
const passed = (stage: string) => event("cutover/stage-passed", { stage });

describe("eventsOf", () => {
  it.each<[string, JournalRecord[], string[]]>([
    ["nothing of an empty journal", [], []],
    [
      "a cutover to its end",
      [started, intent("cutover", "a"), done("a"), passed("share/5"), passed("elastic-ip/syslog/eu-central-1a")].concat(
        event("cutover/completed"),
      ),
      [
        "1 | start",
        "4 | step | 1 | green gets 5 % of the traffic",
        "5 | step | 2 | green has the Elastic IPs of syslog in eu-central-1a",
        "6 | done",
      ],
    ],
    [
      "a check that fails, with its own words on one line",
      [started, event("cutover/check-failed", { stage: "share/5", outcome: "failed", detail: "500\nagain" })].concat(
        event("rollback/completed"),
      ),
      [
        "1 | start",
        "2 | aborted | green gets 5 % of the traffic | green gets 5 % of the traffic: 500 again",
        "3 | rolled-back",
      ],
    ],
    [
      "somebody who goes back",
      [started, event("rollback/started"), event("rollback/completed")],
      ["1 | start", "2 | aborted | it was decided to go back", "3 | rolled-back"],
    ],
    [
      "a second attempt, counted from one again",
      [started, passed("share/5"), event("rollback/completed"), started, passed("share/5")],
      [
        "1 | start",
        "2 | step | 1 | green gets 5 % of the traffic",
        "3 | rolled-back",
        "4 | start",
        "5 | step | 1 | green gets 5 % of the traffic",
      ],
    ],
    ["a step that fails", [intent("cutover", "a"), failed("a", "AWS says no")], ["2 | stopped | do a | AWS says no"]],
    ["nothing of other phases' failures", [intent("migrate", "a"), failed("a"), failed("unknown")], []],
    [
      "a teardown, once, however often it is begun",
      [
        intent("teardown", "teardown/release", "CronJob"),
        intent("teardown", "teardown/blue-1", "blue-1"),
        intent("teardown", "teardown/blue-1", "blue-1"),
        event("teardown/completed"),
      ],
      ["2 | soak-over", "4 | finished"],
    ],
    [
      "nothing of events that it doesn't know",
      [event("cutover/analysed", { stage: "share/5" }), event("x/y", null)],
      [],
    ],
  ])("tells %s", (_, records, lines) => {
    expect(told(records)).toEqual(lines);
  });

  it("tells what comes after an entry, and counts the steps before it", () => {
    expect(told([started, passed("share/1"), passed("share/5")], 2)).toEqual([
      "3 | step | 2 | green gets 5 % of the traffic",
    ]);
  });

  it("shortens what servers say at length", () => {
    const [only] = eventsOf(entriesOf([intent("cutover", "a"), failed("a", "x".repeat(10_000))]));
    expect(only?.detail).toHaveLength(500);
  });
});
