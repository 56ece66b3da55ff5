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
const done = [{ type: "done", step: "sweep/volume/vol-9", result: {} }] as unknown as JournalEntry[];
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
