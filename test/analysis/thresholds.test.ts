import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Bounds, judge, type Reading } from "../../src/analysis/thresholds.js";

const reading = (value: number, of = "errors"): Reading => ({ of, value });

describe("judge", () => {
  it.each<[string, number[], Partial<Bounds>, string | undefined, string, RegExp]>([
    ["within both", [0.5], { min: 0, max: 1 }, undefined, "passed", /errors is 0.5; expected at least 0 and at most 1/],
    ["on a bound", [1], { max: 1 }, undefined, "passed", /errors is 1/],
    ["above", [0.1, 1.0001], { max: 1 }, undefined, "failed", /errors is 1.0001; expected at most 1/],
    ["below", [0], { min: 1 }, undefined, "failed", /errors is 0; expected at least 1/],
    ["infinite", [Number.POSITIVE_INFINITY], { max: 1 }, undefined, "failed", /Infinity/],
    ["nothing", [], { max: 1 }, undefined, "inconclusive", /There is no data/],
    ["nothing, which may be", [], { max: 1, missing: "passes" }, undefined, "passed", /no data, which passes/],
    [
      "nothing, which must not be",
      [],
      { max: 1, missing: "fails" },
      undefined,
      "failed",
      /no data; expected at most 1/,
    ],
    ["a share of nothing", [Number.NaN], { max: 1 }, undefined, "inconclusive", /no data of errors/],
    ["one of two without data", [0, Number.NaN], { max: 1 }, undefined, "inconclusive", /no data of errors/],
    ["one of two beyond", [Number.NaN, 2], { max: 1, missing: "passes" }, undefined, "failed", /errors is 2/],
    ["in doubt", [0], { max: 1 }, "PartialData", "inconclusive", /Not everything could be seen: PartialData/],
    ["in doubt, and nothing", [], { max: 1, missing: "passes" }, "PartialData", "inconclusive", /PartialData/],
    ["in doubt, and beyond all the same", [2], { max: 1 }, "PartialData", "failed", /errors is 2/],
  ])("%s", (_, values, bounds, doubt, outcome, words) => {
    const seen = judge(
      values.map((value) => reading(value)),
      { missing: "inconclusive", ...bounds },
      doubt,
    );
    expect(seen).toEqual({ outcome, detail: expect.stringMatching(words) });
  });

  it("names a few of many", () => {
    const many = [1, 2, 3, 4, 5].map((value) => reading(value, `series ${value}`));
    expect(judge(many, { max: 0, missing: "fails" }).detail).toBe(
      "series 1 is 1; series 2 is 2; series 3 is 3; and 2 more; expected at most 0.",
    );
  });

  const values = fc.array(fc.oneof(fc.double(), fc.constant(Number.NaN), fc.integer({ min: -3, max: 3 })));
  const bounds = fc.record({
    min: fc.option(fc.integer({ min: -2, max: 0 }), { nil: undefined }),
    max: fc.integer({ min: 0, max: 2 }),
    missing: fc.constantFrom("passes" as const, "fails" as const, "inconclusive" as const),
  });

  it("passes only where every number that is there keeps the bounds, and nothing is in doubt", () => {
    fc.assert(
      fc.property(values, bounds, fc.boolean(), (numbers, limits, doubted) => {
        const { outcome } = judge(
          numbers.map((value) => reading(value)),
          limits,
          doubted ? "PartialData" : undefined,
        );
        const keeps = (value: number) => value >= (limits.min ?? Number.NEGATIVE_INFINITY) && value <= limits.max;
        const known = numbers.filter((value) => !Number.isNaN(value));
        const unknown = numbers.length === 0 || known.length < numbers.length;
        const passes = known.every(keeps) && !doubted && (!unknown || limits.missing === "passes");
        expect(outcome === "passed").toBe(passes);
        if (!known.every(keeps)) expect(outcome).toBe("failed");
      }),
    );
  });

  it("is never made better by one more number, unless there was no data at all", () => {
    const rank = { failed: 0, inconclusive: 1, passed: 2 };
    fc.assert(
      fc.property(values, fc.double(), bounds, (numbers, more, limits) => {
        fc.pre(numbers.length > 0);
        const few = judge(
          numbers.map((value) => reading(value)),
          limits,
        );
        const many = judge(
          [...numbers, more].map((value) => reading(value)),
          limits,
        );
        expect(rank[many.outcome]).toBeLessThanOrEqual(rank[few.outcome]);
      }),
    );
  });
});
