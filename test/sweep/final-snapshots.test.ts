import { describe, expect, it } from "vitest";
import { takeFinalSnapshots } from "../../src/sweep/final-snapshots.js";
import { virtualClock } from "../aws/clock.js";
import { memoryJournal } from "../traffic/world.js";

const terms = { cluster: "prod", run: "20261128T220000Z", keepForMs: 86_400_000, timeoutMs: 600_000 };
const volumes = ["vol-1", "vol-2"].map((id) => ({ id, of: `PersistentVolume of ${id}` }));

/** EC2, which completes a snapshot after so many looks; or ends it so. */
function ec2(looks = 2, ends = "completed") {
  const made: { id: string; tags: Record<string, string>; looks: number }[] = [];
  let lost = false;
  return {
    made,
    loseNextAnswer: () => (lost = true),
    snapshots: {
      async create(_: string, __: string, tags: Record<string, string>) {
        made.push({ id: `snap-${made.length + 1}`, tags, looks: 0 });
        if (lost) {
          lost = false;
          throw new Error("the answer was lost");
        }
        return made.at(-1)?.id ?? "";
      },
      async tagged(wanted: Record<string, string>) {
        const fits = made.filter(({ tags }) => Object.entries(wanted).every(([key, value]) => tags[key] === value));
        return fits.map((each) => ({ id: each.id, state: each.looks++ >= looks ? ends : "pending", progress: "" }));
      },
    },
  };
}

describe("takeFinalSnapshots", () => {
  it("takes one of each, tagged with the day until which it's kept, and waits until all are complete", async () => {
    const [aws, journal, clock] = [ec2(), memoryJournal(), virtualClock()];
    await takeFinalSnapshots(volumes, terms, { snapshots: aws.snapshots, journal, clock });
    expect(aws.made.map(({ tags }) => tags["clustershift:volume"])).toEqual(["vol-1", "vol-2"]);
    expect(aws.made[0]?.tags["clustershift:keep-until"]).toBe("2026-11-29T22:00:00.000Z");
    const done = journal.entries().filter(({ type }) => type === "done");
    expect(done).toMatchObject([{ result: { snapshot: "snap-1" } }, { result: { snapshot: "snap-2" } }]);
    await takeFinalSnapshots(volumes, terms, { snapshots: aws.snapshots, journal, clock });
    expect(aws.made).toHaveLength(2);
  });

  it("takes none twice where the answer was lost", async () => {
    const [aws, journal, clock] = [ec2(), memoryJournal(), virtualClock()];
    aws.loseNextAnswer();
    const edges = { snapshots: aws.snapshots, journal, clock };
    await expect(takeFinalSnapshots(volumes, terms, edges)).rejects.toThrow("lost");
    await takeFinalSnapshots(volumes, terms, edges);
    expect(aws.made.map(({ tags }) => tags["clustershift:volume"])).toEqual(["vol-1", "vol-2"]);
  });

  it.each([
    ["could not be completed", 1, "error"],
    ["take too long", 1_000, "completed"],
  ])("stops where they %s", async (_, looks, ends) => {
    const edges = { snapshots: ec2(looks, ends).snapshots, journal: memoryJournal(), clock: virtualClock() };
    await expect(takeFinalSnapshots(volumes, terms, edges)).rejects.toMatchObject({ code: "effect-failed" });
    expect(edges.journal.entries().at(-1)?.type).toBe("failed");
  });
});
