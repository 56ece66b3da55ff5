import { expect, it } from "vitest";
import type { JournalRecord } from "../../../src/model/journal.js";
import { noWayBack } from "../../../src/run/gates/way-back.js";
import { ago, backDone, backIntent, journalOf, shiftDone, shiftIntent, teardownDone } from "../evidence.js";

const begun: JournalRecord = {
  type: "intent",
  step: "teardown/blue.acme.example",
  phase: "teardown",
  what: "remove blue.acme.example",
  target: "blue.acme.example",
  before: {},
  after: null,
};
const failed: JournalRecord = { type: "failed", step: begun.type === "intent" ? begun.step : "", error: "no" };
const gone: JournalRecord = { type: "done", step: begun.type === "intent" ? begun.step : "", result: null };

it.each<[string, JournalRecord[], RegExp | undefined, boolean?]>([
  ["nothing was done", [], undefined],
  [
    "a teardown put floors back, and stopped",
    [shiftIntent, shiftDone, { ...teardownDone, event: "lowered" } as JournalRecord],
    undefined,
  ],
  ["blue's removal began", [shiftDone, begun], /removal began at 2026-11-28T22:00:00.000Z and didn't end/, true],
  ["blue's removal failed", [shiftDone, begun, failed], /may be gone in part/, true],
  [
    "it failed, and somebody went back and forth since",
    [begun, backIntent, backDone, shiftIntent, shiftDone],
    /in part/,
    true,
  ],
  ["blue is gone, and teardown has more to do", [shiftDone, begun, gone], /Blue is gone/, false],
  ["all is over", [shiftDone, begun, gone, teardownDone], /Blue is gone/, false],
])("when %s", (_, records, what, mayForce) => {
  const refusal = noWayBack(journalOf(...records.map((record): [string, JournalRecord] => [ago(0), record])));
  if (!what) expect(refusal).toBeUndefined();
  else expect(refusal).toMatchObject({ what: expect.stringMatching(what), mayForce });
});
