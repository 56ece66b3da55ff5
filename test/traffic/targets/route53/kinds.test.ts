import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Journal } from "../../../../src/model/journal.js";
import type { DnsTarget, RecordSet } from "../../../../src/model/traffic.js";
import { finishTraffic } from "../../../../src/traffic/finish.js";
import { rollback } from "../../../../src/traffic/rollback.js";
import { planShift, type ShiftEdges, shift } from "../../../../src/traffic/shift.js";
import { virtualClock } from "../../../aws/clock.js";
import { openTestAws } from "../../../aws/moto.js";
import { createWorld, memoryJournal, type World } from "../../world.js";

const opened = await openTestAws();
const skipped = "missing" in opened ? ` (skipped: ${opened.missing})` : "";
const zone = `kinds-${process.pid}.example`;
const elb = {
  HostedZoneId: "Z215JYRZR1TBD5",
  DNSName: "blue.eu-central-1.elb.amazonaws.com.",
  EvaluateTargetHealth: true,
};
const values = (...all: string[]) => ({ ResourceRecords: all.map((Value) => ({ Value })) });
const many = 99;
const shares = [25, 100];

/** Every kind of record that a shift takes, in one zone, and each way of writing a name. */
const kinds: RecordSet[] = [
  { Name: "simple", Type: "A", TTL: 5, ...values("192.0.2.1", "192.0.2.2") },
  { Name: "simple", Type: "AAAA", TTL: 7, ...values("2001:db8::9") },
  { Name: "never-kept", Type: "A", TTL: 0, ...values("192.0.2.1") },
  { Name: "name", Type: "CNAME", TTL: 5, ...values("blue.example.") },
  { Name: "*.preview", Type: "A", TTL: 5, ...values("192.0.2.1") },
  { Name: "balancer", Type: "A", AliasTarget: elb },
  {
    Name: "watched",
    Type: "A",
    SetIdentifier: "main",
    Weight: 10,
    HealthCheckId: "h1",
    TTL: 5,
    ...values("192.0.2.1"),
  },
  {
    Name: "watched",
    Type: "A",
    SetIdentifier: "reserve",
    Weight: 0,
    HealthCheckId: "h2",
    TTL: 5,
    ...values("192.0.2.2"),
  },
  ...Array.from(
    { length: many },
    (_, index): RecordSet => ({
      ...{ Name: "many", Type: "A", SetIdentifier: `n${index}`, Weight: 1 + (index % 3), TTL: 5 },
      ...values(`192.0.2.${index + 1}`),
    }),
  ),
];

describe.skipIf("missing" in opened)(`each kind of record${skipped}`, () => {
  if ("missing" in opened) return;
  let world: World;
  let journal: Journal;
  beforeAll(async () => {
    world = await createWorld(opened.front, zone, { zones: [kinds], foreign: [], balancer: [], addresses: 0 });
  });
  beforeEach(() => {
    journal = memoryJournal();
  });
  afterAll(() => opened.close());

  const edges = (): ShiftEdges => {
    const clock = virtualClock();
    return { aws: world.aws(clock), journal, clock, check: async () => ({ outcome: "passed", detail: "fine" }) };
  };
  const named = (records: readonly RecordSet[], label: string, type = "A") =>
    records.filter(({ Name, Type }) => Name.replace("\\052", "*") === `${label}.${zone}.` && Type === type);

  it("moves in steps, green with its share of each, and goes back exactly", async () => {
    const original = await world.snapshot();
    const seen: RecordSet[][] = [];
    const check: ShiftEdges["check"] = async () => {
      seen.push((await world.snapshot()).records);
      return { outcome: "passed", detail: "fine" };
    };
    await shift({ targets: world.targets, steps: shares, holdMs: 0 }, { ...edges(), check });
    expect(seen.length).toBe(shares.length);
    for (const [index, records] of seen.entries()) {
      for (const { name, type } of world.targets as DnsTarget[]) {
        const sets = named(records, name.slice(0, -zone.length - 2), type);
        const green = sets.find(({ SetIdentifier }) => SetIdentifier === "clustershift-green")?.Weight ?? 0;
        const sum = sets.reduce((all, { Weight = 0 }) => all + Weight, 0);
        expect(sum, name).toBeGreaterThan(0);
        // The smallest weights that 99 sets can have leave green less.
        expect(Math.abs(green / sum - (shares[index] ?? 0) / 100), name).toBeLessThan(0.01);
      }
    }
    expect(named(seen[0] ?? [], "many")).toHaveLength(many + 1);
    expect(named(seen[0] ?? [], "watched").map(({ Weight, HealthCheckId }) => [Weight === 0, HealthCheckId])).toEqual([
      [false, undefined],
      [false, "h1"],
      [true, "h2"],
    ]);
    await rollback(edges());
    expect(await world.snapshot()).toEqual(original);
  });

  it("is waited for as long as its longest TTL, an alias of another record by that one's", async () => {
    const { aws } = edges();
    const hold = async (targets: DnsTarget[]) => {
      const plan = await planShift({ targets, steps: [100], holdMs: 0 }, { aws, journal });
      return plan.stages[0]?.holdMs;
    };
    const target = (label: string) => (world.targets as DnsTarget[]).filter(({ name }) => name === `${label}.${zone}.`);
    expect(await hold(target("never-kept"))).toBe(0);
    expect(await hold(target("simple"))).toBe(7_000);
    expect(await hold(target("balancer"))).toBe(60_000);
    const slow: RecordSet = { Name: `slow.${zone}.`, Type: "A", TTL: 900, ...values("192.0.2.1") };
    const other = { HostedZoneId: world.zoneId, DNSName: slow.Name, EvaluateTargetHealth: false };
    await world.edit(slow);
    await world.edit({ Name: `other.${zone}.`, Type: "A", AliasTarget: other });
    const [example] = target("simple");
    if (!example) throw new Error("no target");
    expect(await hold([{ ...example, name: `other.${zone}.`, type: "A" }])).toBe(900_000);
    await world.reset();
  });

  it("is left as it was but for the answer, once blue is gone", async () => {
    await shift({ targets: world.targets, steps: [100], holdMs: 0 }, edges());
    await finishTraffic("after blue", { records: "simple" }, edges());
    const { records } = await world.snapshot();
    expect(named(records, "simple")).toMatchObject([{ TTL: 5, ...values("198.51.100.1") }]);
    expect(named(records, "simple", "AAAA")).toMatchObject([{ TTL: 7, ...values("2001:db8::1") }]);
    expect(named(records, "never-kept")).toMatchObject([{ TTL: 0 }]);
    expect(named(records, "name", "CNAME")).toMatchObject([{ ...values("green.example.") }]);
    expect(named(records, "*.preview")).toMatchObject([{ ...values("198.51.100.1") }]);
    expect(named(records, "many").map(({ Weight }) => Weight)).toEqual([100]);
    expect(named(records, "balancer")[0]).not.toHaveProperty("AliasTarget");
    await world.reset();
  });
});
