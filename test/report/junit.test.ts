import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CheckResult, SmokeReport } from "../../src/model/smoke.js";
import { smokeJunit } from "../../src/report/junit.js";
import { readXml } from "./xml.js";

const report = (checks: CheckResult[]): SmokeReport => ({
  format: 1,
  at: "2026-11-28T22:00:00.000Z",
  planHash: "p",
  green: { clusterId: "g", version: "v1.35.4" },
  passed: false,
  checks,
});
const check = (parts: Partial<CheckResult>): CheckResult => ({
  name: "app",
  kind: "http",
  outcome: "passed",
  detail: "200",
  ms: 1500,
  ...parts,
});

describe("smokeJunit", () => {
  it("has a case for each check: failed ones fail, and what couldn't be checked is an error", () => {
    const [suite] = readXml(
      smokeJunit(
        report([
          check({}),
          check({ name: "b", outcome: "failed", detail: "500, not 200" }),
          check({ name: "c", outcome: "inconclusive", ms: 0 }),
        ]),
      ),
    ).children;
    expect(suite?.attributes).toEqual({
      name: "clustershift smoke of v1.35.4",
      timestamp: "2026-11-28T22:00:00.000Z",
      tests: "3",
      failures: "1",
      errors: "1",
      time: "3.000",
    });
    expect(suite?.children).toMatchObject([
      { name: "testcase", attributes: { classname: "http", name: "app", time: "1.500" }, children: [] },
      { children: [{ name: "failure", attributes: { message: "500, not 200" } }] },
      { children: [{ name: "error" }] },
    ]);
  });

  it("is whole without checks", () => {
    expect(readXml(smokeJunit(report([]))).children[0]?.attributes).toMatchObject({ tests: "0", time: "0.000" });
  });

  it("keeps line breaks, and shows where a character was that XML has not", () => {
    const detail = 'a\nb\tc & "d" <e> \u0000\u001b[31m\ufffe\ud800 🚀';
    const [suite] = readXml(smokeJunit(report([check({ outcome: "failed", detail })]))).children;
    expect(suite?.children[0]?.children[0]?.attributes).toEqual({
      message: 'a\nb\tc & "d" <e> \ufffd\ufffd[31m\ufffd\ufffd 🚀',
    });
  });

  it("is well-formed whatever checks and servers say", () => {
    const any = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({
        unit: fc.constantFrom(
          "<",
          ">",
          "&",
          '"',
          "'",
          "]]>",
          "\n",
          "\u0000",
          "\u001b",
          "\u0085",
          "\ud800",
          "\udfff",
          "\uffff",
          "😀",
        ),
      }),
    );
    fc.assert(
      fc.property(any, any, any, fc.constantFrom("passed", "failed", "inconclusive"), (name, kind, detail, outcome) => {
        const [suite] = readXml(smokeJunit(report([check({ name, kind, detail, outcome })]))).children;
        expect(suite?.children).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });
});
