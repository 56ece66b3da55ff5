import { expect, it } from "vitest";
import type { JournalRecord } from "../../../src/model/journal.js";
import type { LeftoverReport } from "../../../src/model/leftover.js";
import { leftoverGates } from "../../../src/run/gates/leftover.js";
import { ago, journalOf, limits, minute, shiftDone, soundEvidence } from "../evidence.js";

const { leftover } = soundEvidence();
const configured = { ...limits, leftover: { sources: ["ingress"], quietFor: 15 * minute, maxAge: 10 * minute } };
const begun: JournalRecord = {
  ...{ type: "intent", step: "teardown/blue", phase: "teardown", what: "remove blue", target: "blue" },
  ...{ before: {}, after: null },
};
const served = journalOf([ago(60 * minute), shiftDone]);
const [source] = leftover.sources;
const loud = {
  ...leftover,
  quietSince: null,
  sources: leftover.sources.map((each) => ({ ...each, outcome: "some" as const, detail: "3 requests of a." })),
};

it.each<[string, LeftoverReport | undefined, RegExp | undefined]>([
  ["quiet for long enough", leftover, undefined],
  ["nobody measured", undefined, /Nobody has measured/],
  ["somebody talks", loud, /ingress: 3 requests of a\./],
  [
    "a source can't be measured",
    { ...loud, sources: loud.sources.map((each) => ({ ...each, outcome: "unknown" })) },
    /isn't quiet/,
  ],
  ["a source that lacks", { ...leftover, sources: [] }, /lacks ingress/],
  ["quiet for too short", { ...leftover, quietSince: ago(15 * minute) }, /quiet for 14m 00s; it must be for 15m/],
  ["too old", { ...leftover, at: ago(11 * minute), quietSince: ago(40 * minute) }, /11m 00s old; it may be 10m/],
  ["of tomorrow", { ...leftover, at: ago(-minute) }, /time that can't be/],
  ["of no time", { ...leftover, at: "once" }, /time that can't be/],
  ["since no time", { ...leftover, quietSince: "once" }, /must be for/],
])("where %s", (_, report, what) => {
  expect(source?.outcome).toBe("quiet");
  const { leftover: _latest, ...others } = soundEvidence();
  const evidence = { ...others, journal: served, ...(report && { leftover: report }) };
  const refusal = leftoverGates.blueQuiet.check(evidence, configured);
  if (what) expect(refusal?.what).toMatch(what);
  else expect(refusal).toBeUndefined();
  expect(leftoverGates.blueQuiet.check(evidence, limits)).toBeUndefined();
});

it("counts quiet only since green serves everything, and asks no more once blue's removal began", () => {
  const late = { ...soundEvidence(), journal: journalOf([ago(10 * minute), shiftDone]) };
  expect(leftoverGates.blueQuiet.check(late, configured)?.what).toMatch(/quiet for 9m/);
  const removing = journalOf([ago(60 * minute), shiftDone], [ago(minute), begun]);
  expect(
    leftoverGates.blueQuiet.check({ ...soundEvidence(), leftover: loud, journal: removing }, configured),
  ).toBeUndefined();
});
