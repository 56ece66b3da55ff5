import { describe, expect, it } from "vitest";
import { chooseOrphans } from "../../../../src/commands/shared/teardown/choose.js";
import type { JudgedResource } from "../../../../src/model/cloud.js";
import type { JournalEntry } from "../../../../src/model/journal.js";

const one = (kind: JudgedResource["kind"], id: string, kept?: string): JudgedResource => ({
  ...{ kind, id, name: id, because: "its tag" },
  ...(kept !== undefined && { kept }),
});
const look = {
  resources: [
    one("address", "eip-1"),
    one("volume", "vol-1"),
    one("snapshot", "snap-1"),
    one("volume", "vol-2", "green's"),
  ],
  unseen: [],
};
const step = "sweep/volume/vol-9";
const begun = [{ type: "intent", step }] as unknown as JournalEntry[];
const done = [...begun, { type: "done", step, result: {} }] as unknown as JournalEntry[];
const chosen = (...ids: string[]) => chooseOrphans(ids, look, done).map(({ id }) => id);

describe("chooseOrphans", () => {
  it("takes all for all that holds no data", () => {
    expect(chosen("all")).toEqual(["eip-1"]);
    expect(chosen("all", "vol-1")).toEqual(["eip-1", "vol-1"]);
    expect(chosen("snap-1")).toEqual(["snap-1"]);
  });

  it("lets be what an earlier attempt has removed", () => {
    expect(chosen("vol-9", "vol-1")).toEqual(["vol-1"]);
  });

  it("and what one had begun to remove before it was killed; if it is there still, it is judged like any other", () => {
    expect(chooseOrphans(["vol-9"], look, begun)).toEqual([]);
    const there = { ...look, resources: [one("volume", "vol-9")] };
    expect(chooseOrphans(["vol-9"], there, begun).map(({ id }) => id)).toEqual(["vol-9"]);
    const greens = { ...look, resources: [one("volume", "vol-9", "green's")] };
    expect(() => chooseOrphans(["vol-9"], greens, begun)).toThrow(expect.objectContaining({ code: "orphans-left" }));
  });

  it.each([
    ["vol-2", /volume vol-2: green's/],
    ["vol-3", /vol-3: it isn't among/],
    ["vol", /vol: it isn't among/],
  ])("refuses %s with everything beside it", (id, why) => {
    expect(() => chosen("all", id)).toThrow(
      expect.objectContaining({ code: "orphans-left", message: expect.stringMatching(why) }),
    );
  });
});
