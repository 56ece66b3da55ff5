import { describe, expect, it } from "vitest";
import type { AwsApi } from "../../../../src/aws/api.js";
import type { Journal } from "../../../../src/model/journal.js";
import type { ManualTarget } from "../../../../src/model/manual.js";
import { toTakeBack } from "../../../../src/traffic/by-hand.js";
import { planRollback, rollback } from "../../../../src/traffic/rollback.js";
import { planShift, type ShiftEdges, shift, type Verdict } from "../../../../src/traffic/shift.js";
import { virtualClock } from "../../../aws/clock.js";
import { Crash, crashingAt, memoryJournal } from "../../world.js";

const partner: ManualTarget = { kind: "manual", name: "partner", green: "allow green", blue: "forbid green" };
const cdn: ManualTarget = { kind: "manual", name: "cdn", green: "origin: green", blue: "origin: blue" };
const input = { targets: [partner, cdn], steps: [100], holdMs: 5_000 };
const yes = async () => true;
const passed = async (): Promise<Verdict> => ({ outcome: "passed", detail: "fine" });
/** Nothing by hand needs AWS: whatever is asked of it fails the test. */
const aws = { meter: { ms: () => 0 } } as unknown as AwsApi;

function edgesOf(journal: Journal, more: Partial<ShiftEdges> = {}): ShiftEdges {
  return { aws, journal, clock: virtualClock(), check: passed, confirm: yes, ...more };
}
const steps = (journal: Journal, type: "intent" | "done") =>
  journal.entries().flatMap((entry) => (entry.type === type ? [entry.step] : []));

describe("what moves by hand", () => {
  it("is asked for one by one, each held and checked, and told back", async () => {
    const journal = memoryJournal();
    const asked: string[] = [];
    const said: string[] = [];
    const edges = edgesOf(journal, {
      confirm: async ({ name, task }) => {
        asked.push(`${name}: ${task}`);
        return true;
      },
      check: async ({ id }) => {
        said.push(id);
        return passed();
      },
    });
    const planned = await planShift(input, edges);
    expect(planned.stages.map(({ id, holdMs }) => [id, holdMs])).toEqual([
      ["manual/partner", 5_000],
      ["manual/cdn", 5_000],
    ]);
    expect(planned.stages[0]?.what).toBe("by hand, partner: allow green (to take it back: forbid green)");
    expect(asked).toEqual([]);
    expect(await shift(input, edges)).toMatchObject({ outcome: "moved" });
    expect(asked).toEqual(["partner: allow green", "cdn: origin: green"]);
    expect(said).toEqual(["manual/partner", "manual/cdn"]);
    expect(toTakeBack(journal.entries())).toEqual([]);
    expect((await planRollback(edges)).moves.map(({ key, done, after }) => [key, done, after])).toEqual([
      ["manual:cdn", false, ["cdn, by hand: origin: blue"]],
      ["manual:partner", false, ["partner, by hand: forbid green"]],
    ]);
    expect(await rollback(edgesOf(journal, { confirm: async () => false }))).toMatchObject({ outcome: "moved-back" });
    expect(toTakeBack(journal.entries())).toEqual(["By hand, partner: forbid green", "By hand, cdn: origin: blue"]);
    // The next attempt asks again.
    await shift(input, edges);
    expect(asked).toHaveLength(4);
  });

  it.each([
    ["says no", async () => false],
    ["can't be asked", undefined],
  ])("stops where nobody confirms: somebody %s", async (_, confirm) => {
    const journal = memoryJournal();
    const { confirm: __, ...mute } = edgesOf(journal);
    const stopped = shift(input, { ...mute, ...(confirm && { confirm }) });
    await expect(stopped).rejects.toMatchObject({
      code: "not-confirmed",
      message: expect.stringContaining("allow green"),
      fix: expect.stringContaining("--confirm-manual partner"),
    });
    expect(steps(journal, "done")).toEqual([]);
    expect(await shift(input, edgesOf(journal))).toMatchObject({ outcome: "moved" });
    expect(steps(journal, "intent")).toEqual(["cutover-1/manual:partner", "cutover-1/manual:cdn"]);
  });

  it("says what may have to be taken back where somebody was asked and never answered", async () => {
    const journal = memoryJournal();
    const once = async ({ name }: { name: string }) => name === "partner";
    await expect(shift(input, edgesOf(journal, { confirm: once }))).rejects.toMatchObject({ code: "not-confirmed" });
    await rollback(edgesOf(journal));
    expect(toTakeBack(journal.entries())).toEqual([
      "By hand, partner: forbid green",
      "By hand, cdn (if it was done): origin: blue",
    ]);
  });

  it("goes back without anybody when the check after it fails", async () => {
    const journal = memoryJournal();
    const failed = async (): Promise<Verdict> => ({ outcome: "failed", detail: "502" });
    const result = await shift(input, edgesOf(journal, { check: failed }));
    expect(result).toMatchObject({ outcome: "moved-back", failed: { stage: "manual/partner" } });
    expect(toTakeBack(journal.entries())).toEqual(["By hand, partner: forbid green"]);
  });

  it("goes on and back from wherever it was killed, and asks nobody who has confirmed", async () => {
    for (let point = 0, happened = true; happened; point++) {
      for (const then of ["shift", "rollback"] as const) {
        const journal = memoryJournal();
        const confirmed = () =>
          journal.entries().filter((entry) => entry.type === "event" && entry.event === "confirmed").length;
        const { state, aws: _, ...dying } = crashingAt(point, aws, journal);
        const outcome = await shift(input, { ...edgesOf(journal), ...dying }).catch((error: unknown) => error);
        happened = state.happened;
        if (happened) expect(outcome).toBeInstanceOf(Crash);
        if (then === "shift") {
          expect(await shift(input, edgesOf(journal))).toMatchObject({ outcome: "moved" });
          expect(confirmed()).toBe(2);
        } else {
          await rollback(edgesOf(journal));
          expect(await rollback(edgesOf(journal))).toEqual({ outcome: "nothing-to-do" });
          // Whoever said that she has done it is told how to take it back.
          expect(toTakeBack(journal.entries()).length).toBeGreaterThanOrEqual(confirmed());
        }
      }
      expect(point).toBeLessThan(40);
    }
  });
});
