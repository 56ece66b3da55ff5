import { expect, it } from "vitest";
import { describeWayBack, wayBackOf } from "../../../src/commands/shared/way-back.js";
import type { JournalEntry, JournalRecord } from "../../../src/model/journal.js";
import { samplePlan } from "../../model/samples.js";

const entry = (record: JournalRecord, at: string, seq: number) => ({ ...record, at, seq, sum: "" }) as JournalEntry;
const sets = [{ Name: "app.", Type: "A", TTL: 30, ResourceRecords: [{ Value: "192.0.2.1" }] }];
const zone = {
  ...{ kind: "route53", key: "route53:Z", zoneId: "Z", before: sets },
  names: [{ name: "app.", type: "A", green: ["192.0.2.2"] }],
};
const started: JournalRecord = {
  ...{ type: "event", phase: "cutover", event: "started" },
  data: { attempt: 1, steps: [100], holdMs: 0, targets: [zone] },
};
const step = "cutover-1/route53:Z/100";
const moved: JournalRecord[] = [
  { type: "intent", step, phase: "cutover", what: "", target: "route53:Z", before: [], after: [] },
  { type: "event", phase: "cutover", event: "submitted", data: { step, changeId: "C" } },
  { type: "done", step, result: null },
];

it("says nothing where no traffic has moved, or it went back", () => {
  expect(wayBackOf([], samplePlan())).toBeUndefined();
  const back: JournalRecord = { type: "event", phase: "rollback", event: "completed", data: { attempt: 1 } };
  expect(
    wayBackOf([entry(started, "2026-11-28T22:00:00Z", 1), entry(back, "2026-11-28T22:01:00Z", 2)], samplePlan()),
  ).toBeUndefined();
});

it.each([
  { plan: undefined, ms: 60_900, basis: "an estimate" },
  { plan: samplePlan(), ms: 61_000, basis: "the plan's bound" },
])("goes by $basis until a step was measured", ({ plan, ms, basis }) => {
  const way = wayBackOf([entry(started, "2026-11-28T22:00:00Z", 1)], plan);
  expect(way).toEqual({ targets: 1, ms, basis, ttl: 30 });
});

it("goes by what this run's steps took, where one was done", () => {
  const times = ["22:00:00", "22:00:01", "22:00:03", "22:00:13"];
  const way = wayBackOf(
    [started, ...moved].map((record, index) => entry(record, `2026-11-28T${times[index]}Z`, index + 1)),
    samplePlan(),
  );
  expect(way).toEqual({ targets: 1, ms: 12_000, basis: "as this run's steps took", ttl: 30 });
  expect(way && describeWayBack(way)).toBe(
    "1 target(s) go back in about 12s (as this run's steps took); resolvers may keep green's answers for 30s more",
  );
});
