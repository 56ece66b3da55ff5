import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { Journal } from "../../src/model/journal.js";
import { finishTraffic, planFinish } from "../../src/traffic/finish.js";
import { type Marking, markingOf, tagKey } from "../../src/traffic/marks/marking.js";
import { prepare } from "../../src/traffic/preparation/prepare.js";
import { rollback } from "../../src/traffic/rollback.js";
import { greenServes } from "../../src/traffic/serving.js";
import { type ShiftEdges, shift } from "../../src/traffic/shift.js";
import { groupName, groupsOf } from "../../src/traffic/targets/load-balancer/actions.js";
import { virtualClock } from "../aws/clock.js";
import { openTestAws } from "../aws/moto.js";
import { Crash, crashingAt, createWorld, memoryJournal, type Snapshot, type World } from "./world.js";

const opened = await openTestAws();

describe.skipIf("missing" in opened)(`finish${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`, () => {
  if ("missing" in opened) return;
  let world: World;
  let journal: Journal;
  let original: Snapshot["rules"];
  beforeEach(async () => {
    world ??= await createWorld(opened.front, `finish-${process.pid}.example`);
    await world.reset();
    original = (await world.snapshot()).rules;
    journal = memoryJournal();
  });
  afterAll(() => opened.close());

  const edges = (): ShiftEdges => {
    const clock = virtualClock();
    return { aws: world.aws(clock), journal, clock, check: async () => ({ outcome: "passed", detail: "fine" }) };
  };
  const cutover = async (marking?: Marking) => {
    const names = world.targets.flatMap((target) => (target.kind === "route53" ? [target] : []));
    await prepare({ names, ttl: 2 }, edges());
    await shift({ targets: world.targets, steps: [100], holdMs: 0, ...(marking && { marking }) }, edges());
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
    const planned = planFinish("after blue", { records: "simple" }, edges());
    expect(await finishTraffic("after blue", { records: "simple" }, edges())).toEqual(planned);
    expect(planned.filter((line) => line.startsWith("+")).length).toBe(3);
    expect(await ours()).toEqual([
      ["api", undefined, undefined, ttls.get("api"), "198.51.100.1"],
      ["app", undefined, undefined, ttls.get("app"), "198.51.100.1"],
      ["partner", "clustershift-green", 100, ttls.get("partner"), "198.51.100.1"],
    ]);
    const effects = world.effects();
    await finishTraffic("after blue", { records: "simple" }, edges());
    expect(world.effects()).toBe(effects);
  });

  it("keeps blue's sets with weight 0 where that is asked, with the old TTLs", async () => {
    await cutover();
    const moved = await ours();
    await finishTraffic("after blue", { records: "keep" }, edges());
    const kept = await ours();
    expect(kept.map(([name, id, weight]) => [name, id, weight])).toEqual(
      moved.map(([name, id, weight]) => [name, id, weight]),
    );
    expect(kept.map(([, , , ttl]) => ttl)).not.toContain(2);
  });

  it.each(["simple", "keep"] as const)(
    "leaves no mark of the shift behind, where records are to be: %s",
    async (records) => {
      const marking = markingOf("20261128T220000Z", "blue.acme.example");
      const marks = async () => [
        ...(await world.snapshot()).records.filter(({ Name }) => Name.startsWith("_clustershift-")),
        ...(await edges().aws.ec2.tagged(tagKey(marking))),
      ];
      await cutover(marking);
      expect(await marks()).toHaveLength(3);
      await finishTraffic("before blue", { records }, edges());
      await finishTraffic("after blue", { records }, edges());
      expect(await marks()).toEqual([]);
    },
  );

  it("takes blue's target groups out of rules before blue is removed, and still knows that green serves", async () => {
    await cutover();
    const before = (await world.snapshot()).rules;
    expect(await finishTraffic("before blue", { records: "keep" }, edges())).toEqual([]);
    const dying = { ...edges(), ...crashingAt(3, edges().aws, journal) };
    await expect(finishTraffic("before blue", { records: "simple" }, dying)).rejects.toThrow(Crash);
    expect((await world.snapshot()).rules).not.toEqual(before);
    expect(await greenServes(edges())).toBe(true);
    const lines = await finishTraffic("before blue", { records: "simple" }, edges());
    expect(lines).toEqual(planFinish("before blue", { records: "simple" }, edges()));
    const named = (await world.snapshot()).rules.flatMap(({ actions }) => actions.flatMap(groupsOf));
    expect(named.map(({ TargetGroupArn, Weight }) => [groupName(TargetGroupArn).split("-")[0], Weight])).toEqual([
      ["green", 100],
      ["green", 100],
    ]);
    expect(await greenServes(edges())).toBe(true);
    // Somebody who looked at blue may still go back.
    await rollback(edges());
    expect((await world.snapshot()).rules).toEqual(original);
  });

  it("does nothing before green serves", async () => {
    expect(await finishTraffic("after blue", { records: "simple" }, edges())).toEqual([]);
  });

  it("stops at what somebody else changed", async () => {
    await cutover();
    const set = (await world.snapshot()).records.find(({ SetIdentifier }) => SetIdentifier === "clustershift-green");
    if (!set) throw new Error("no record of green");
    await world.edit({ ...set, ResourceRecords: [{ Value: "203.0.113.66" }] });
    const before = await ours();
    await expect(finishTraffic("after blue", { records: "simple" }, edges())).rejects.toMatchObject({
      code: "drifted",
    });
    expect(await ours()).toEqual(before);
  });
});
