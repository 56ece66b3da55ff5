import { describe, expect, it } from "vitest";
import type { JournalRecord } from "../../src/model/journal.js";
import { shiftProgress } from "../../src/traffic/progress.js";
import { journalOf } from "../run/evidence.js";

const targets = [
  { kind: "manual", key: "manual:one", name: "one", green: "g", blue: "b", before: "blue" },
  { kind: "manual", key: "manual:two", name: "two", green: "g", blue: "b", before: "blue" },
] as const;
const holdMs = 60_000;
const at = (seconds: number) => new Date(Date.parse("2026-11-28T22:00:00Z") + seconds * 1000).toISOString();
const event = (phase: string, name: string, data: unknown = {}): JournalRecord => ({
  ...{ type: "event", phase, event: name, data },
});
const started = event("cutover", "started", { attempt: 1, steps: [100], holdMs, targets });
const intent = (step: string, phase = "cutover"): JournalRecord => ({
  ...{ type: "intent", step, phase, what: step, target: "t", before: "blue", after: "green" },
});
const done = (step: string): JournalRecord => ({ type: "done", step, result: {} });
const analysed = (outcome: string) =>
  event("cutover", "analysed", { attempt: 1, stage: "manual/one", outcome, checks: [] });
const one = "cutover-1/manual:one";

describe("shiftProgress", () => {
  it("is of nothing where no cutover was begun", () => {
    expect(shiftProgress(journalOf([at(0), event("plan", "planned")]))).toBeUndefined();
  });

  it.each<[string, JournalRecord[], object]>([
    ["begun", [], { doing: "begin", since: at(0) }],
    ["written", [intent(one)], { doing: "move", since: at(1), done: 0, of: 1 }],
    ["in place", [intent(one), done(one)], { doing: "hold", since: at(2), until: at(62) }],
    ["uncertain", [intent(one), done(one), analysed("inconclusive")], { doing: "wait", since: at(3) }],
    [
      "uncertain again, with other checks",
      [intent(one), done(one), analysed("inconclusive"), analysed("inconclusive")],
      { doing: "wait", since: at(3) },
    ],
    [
      "checked well",
      [intent(one), done(one), analysed("inconclusive"), analysed("passed")],
      { doing: "hold", since: at(2), until: at(62) },
    ],
    [
      "past its first stage",
      [intent(one), done(one), analysed("passed"), event("cutover", "stage-passed", { stage: "manual/one" })],
      { doing: "begin", since: at(4) },
    ],
    [
      "turned back",
      [
        intent(one),
        done(one),
        event("cutover", "check-failed", { stage: "manual/one", outcome: "failed", detail: "no" }),
        intent("rollback-1/manual:two", "rollback"),
        done("rollback-1/manual:two"),
      ],
      { doing: "return", since: at(3), done: 1, of: 2 },
    ],
  ])("knows what a shift is at that is %s", (_, records, now) => {
    const journal = journalOf(...[started, ...records].map((each, n): [string, JournalRecord] => [at(n), each]));
    expect(shiftProgress(journal)).toMatchObject({ attempt: 1, began: at(0), now });
  });

  it("says of each stage whether it is passed, under way or to come, and what turned the shift back", () => {
    const failed = { stage: "manual/two", outcome: "failed", detail: "green fell over" };
    const journal = journalOf(
      [at(0), event("plan", "planned")],
      [at(1), started],
      [at(2), event("cutover", "stage-passed", { stage: "manual/one" })],
      [at(3), event("cutover", "check-failed", failed)],
      [at(4), event("rollback", "completed")],
    );
    const progress = shiftProgress(journal);
    expect(progress).toMatchObject({ status: "returned", began: at(1), now: null, failed });
    expect(progress?.stages.map(({ state }) => state)).toEqual(["passed", "under way"]);
  });

  it("is of the latest attempt alone", () => {
    const again = event("cutover", "started", { attempt: 2, steps: [100], holdMs, targets });
    const before = [intent(one), done(one), analysed("failed"), event("rollback", "completed"), again];
    const journal = journalOf(...[started, ...before].map((each, n): [string, JournalRecord] => [at(n), each]));
    expect(shiftProgress(journal)).toMatchObject({ attempt: 2, began: at(5), analysed: null, now: { doing: "begin" } });
  });
});
