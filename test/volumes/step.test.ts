import { expect, it } from "vitest";
import type { JournalEntry } from "../../src/model/journal.js";
import { once } from "../../src/volumes/step.js";
import { Killed, memoryJournal } from "../workloads/journal.js";

/** A world in which one thing can be made, and how often it was. */
function world() {
  const state = { made: 0, there: false };
  const effect = {
    ...{ step: "volumes-1/volume/shop/data", what: "make it", target: "snap-01" },
    find: async () => (state.there ? { volume: "vol-02" } : undefined),
    async make() {
      state.made++;
      state.there = true;
      return { volume: "vol-02" };
    },
  };
  return { state, effect };
}
const kinds = (entries: readonly JournalEntry[]) => entries.map(({ type }) => type);

it("is intended before, settled after, and done once whoever was killed when", async () => {
  for (const dies of [1, 2, 3]) {
    const { state, effect } = world();
    const entries: JournalEntry[] = [];
    if (dies < 3) await expect(once(effect, memoryJournal(entries, dies))).rejects.toThrow(Killed);
    expect(await once(effect, memoryJournal(entries))).toEqual({ volume: "vol-02" });
    expect(await once(effect, memoryJournal(entries))).toEqual({ volume: "vol-02" });
    expect([state.made, kinds(entries)]).toEqual([1, ["intent", "done"]]);
  }
});

it("takes an effect for done whose answer was lost, and says of any other what refused it", async () => {
  const { state, effect } = world();
  const entries: JournalEntry[] = [];
  const lost = { ...effect, make: () => effect.make().then(() => Promise.reject(new Error("the connection was cut"))) };
  expect(await once(lost, memoryJournal(entries))).toEqual({ volume: "vol-02" });
  expect([state.made, kinds(entries)]).toEqual([1, ["intent", "done"]]);

  const refused: JournalEntry[] = [];
  const other = world();
  const never = { ...other.effect, make: () => Promise.reject(new Error("VolumeLimitExceeded")) };
  await expect(once(never, memoryJournal(refused))).rejects.toThrow("VolumeLimitExceeded");
  expect(refused.at(-1)).toMatchObject({ type: "failed", error: "VolumeLimitExceeded" });
  expect(await once(other.effect, memoryJournal(refused))).toEqual({ volume: "vol-02" });
  expect(kinds(refused)).toEqual(["intent", "failed", "intent", "done"]);
});
