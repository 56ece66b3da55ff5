import fc from "fast-check";
import { expect, it } from "vitest";
import { readingOf, reportOf } from "../../src/leftover/measure.js";
import type { LeftoverReading, LeftoverReport } from "../../src/model/leftover.js";

const source = { name: "edge", kind: "counter", unit: "requests", allowed: 1 } as const;
const loud = readingOf(source, { who: [{ name: "a", amount: 2 }] });
const quiet = readingOf(source, { who: [{ name: "a", amount: 1 }] });
const unknown = readingOf(source, { unknown: "no" });

it("is quiet up to what is allowed, and no number that can't be is", () => {
  const outcome = (amount: number) => readingOf(source, { who: [{ name: "a", amount }] }).outcome;
  const outcomes = [0, 1, 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY].map(outcome);
  expect(outcomes).toEqual(["quiet", "quiet", "some", "unknown", "unknown", "unknown"]);
  const many = Array.from({ length: 13 }, (_, index) => ({ name: `c${index}`, amount: index }));
  const reading = readingOf(source, { who: many });
  expect([reading.amount, reading.who.length, reading.who[0]]).toEqual([78, 10, { name: "c12", amount: 12 }]);
  expect(reading.detail).toContain("; and 2 more");
});

it.each<[string, LeftoverReading[], LeftoverReport["outcome"]]>([
  ["all quiet", [quiet, quiet], "quiet"],
  ["one loud", [quiet, unknown, loud], "some"],
  ["one unknown", [quiet, unknown], "unknown"],
  ["none", [], "unknown"],
])("with %s", (_, readings, outcome) => {
  expect(reportOf(readings, 0, undefined, 10)).toMatchObject({
    outcome,
    quietSince: outcome === "quiet" ? "1970-01-01T00:00:00.000Z" : null,
  });
});

it("is quiet only since the last that wasn't, or the last long gap", () => {
  const steps = fc.array(
    fc.record({ gap: fc.integer({ min: 1, max: 20 }), is: fc.constantFrom(quiet, quiet, loud, unknown) }),
  );
  fc.assert(
    fc.property(steps, (all) => {
      let now = 0;
      let since: number | undefined;
      let report: LeftoverReport | undefined;
      for (const { gap, is } of all) {
        now += gap;
        since = is !== quiet ? undefined : since !== undefined && gap <= 10 ? since : now;
        report = reportOf([is], now, report, 10);
        expect(report.quietSince === null ? undefined : Date.parse(report.quietSince)).toBe(since);
      }
    }),
  );
});

it("begins anew where other sources were asked, or time went back", () => {
  const before = reportOf([quiet], 5, undefined, 10);
  expect(reportOf([quiet], 8, before, 10).quietSince).toBe(before.at);
  expect(reportOf([quiet, { ...quiet, name: "more" }], 8, before, 10).quietSince).not.toBe(before.at);
  expect(reportOf([quiet], 4, before, 10).quietSince).not.toBe(before.at);
});
