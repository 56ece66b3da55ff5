import fc from "fast-check";
import { expect, it } from "vitest";
import type { CheckResult } from "../../src/model/smoke.js";
import { verdictOf } from "../../src/model/verdict.js";

const worstFirst = ["failed", "inconclusive", "passed"] as const;
const results = (all: readonly CheckResult["outcome"][]): CheckResult[] =>
  all.map((outcome, index) => ({ name: `check ${index}`, kind: "command", outcome, detail: "seen", ms: 1 }));

it("is failed by one failed check, and passed by passed ones alone", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...worstFirst), { minLength: 1 }), (all) => {
      const expected = worstFirst.find((outcome) => all.includes(outcome));
      expect(verdictOf(results(all)).outcome).toBe(expected);
    }),
  );
});

it("says first what failed", () => {
  expect(verdictOf(results(["inconclusive", "passed", "failed"])).detail).toBe("check 2: seen; check 0: seen");
  expect(verdictOf(results(["passed", "passed"])).detail).toBe("2 checks passed");
});

it("is no evidence where nothing was checked", () => {
  expect(verdictOf([])).toEqual({ outcome: "failed", detail: "there are no checks", checks: [] });
});
