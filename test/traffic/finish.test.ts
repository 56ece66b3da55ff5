import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { Journal } from "../../src/model/journal.js";
import { finishTraffic, planFinish } from "../../src/traffic/finish.js";
import { prepare } from "../../src/traffic/preparation/prepare.js";
import { type ShiftEdges, shift } from "../../src/traffic/shift.js";
import { virtualClock } from "../aws/clock.js";
import { openTestAws } from "../aws/moto.js";
import { createWorld, memoryJournal, type World } from "./world.js";

const opened = await openTestAws();

describe.skipIf("missing" in opened)(`finish${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`, () => {
  if ("missing" in opened) return;
  let world: World;
  let journal: Journal;
  beforeEach(async () => {
    world ??= await createWorld(opened.front, `finish-${process.pid}.example`);
    await world.reset();
    journal = memoryJournal();
  });
  afterAll(() => opened.close());

  const edges = (): ShiftEdges => {
    const clock = virtualClock();
    return { aws: world.aws(clock), journal, clock, check: async () => ({ outcome: "passed", detail: "fine" }) };
  };
  const cutover = async () => {
    const names = world.targets.flatMap((target) => (target.kind === "route53" ? [target] : []));
    await prepare({ names, ttl: 2 }, edges());
    await shift({ targets: world.targets, steps: [100], holdMs: 0 }, edges());
  };
  const ours = async () =>
    (await world.snapshot()).records
      .filter(({ Name, Type }) => Type === "A" && /^(app|api|partner)\./.test(Name))
      .map(({ Name, SetIdentifier, Weight, TTL, ResourceRecords }) => {
        return [Name.split(".")[0], SetIdentifier, Weight, TTL, ResourceRecords?.[0]?.Value];
      })
      .sort();

  it("leaves green's answer alone, simple where it was, with the old TTLs; and does nothing twice", async () => {
    const ttls = new Map((await ours()).map(([name, , , ttl]) => [name, ttl]));
    await cutover();
    const planned = planFinish({ records: "simple" }, edges());
    expect(await finishTraffic({ records: "simple" }, edges())).toEqual(planned);
    expect(planned.filter((line) => line.startsWith("+")).length).toBe(3);
    expect(await ours()).toEqual([
      ["api", undefined, undefined, ttls.get("api"), "198.51.100.1"],
      ["app", undefined, undefined, ttls.get("app"), "198.51.100.1"],
      ["partner", "clustershift-green", 100, ttls.get("partner"), "198.51.100.1"],
    ]);
    const effects = world.effects();
    await finishTraffic({ records: "simple" }, edges());
    expect(world.effects()).toBe(effects);
  });

  it("keeps blue's sets with weight 0 where that is asked, with the old TTLs", async () => {
    await cutover();
    const moved = await ours();
    await finishTraffic({ records: "keep" }, edges());
    const kept = await ours();
    expect(kept.map(([name, id, weight]) => [name, id, weight])).toEqual(
      moved.map(([name, id, weight]) => [name, id, weight]),
    );
    expect(kept.map(([, , , ttl]) => ttl)).not.toContain(2);
  });

  it("does nothing before green serves", async () => {
    expect(await finishTraffic({ records: "simple" }, edges())).toEqual([]);
  });

  it("stops at what somebody else changed", async () => {
    await cutover();
    const set = (await world.snapshot()).records.find(({ SetIdentifier }) => SetIdentifier === "clustershift-green");
    if (!set) throw new Error("no record of green");
    await world.edit({ ...set, ResourceRecords: [{ Value: "203.0.113.66" }] });
    const before = await ours();
    await expect(finishTraffic({ records: "simple" }, edges())).rejects.toMatchObject({ code: "drifted" });
    expect(await ours()).toEqual(before);
  });
});
