import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { Journal } from "../../../src/model/journal.js";
import type { RecordSet } from "../../../src/model/traffic.js";
import { finishTraffic } from "../../../src/traffic/finish.js";
import { rollback } from "../../../src/traffic/rollback.js";
import { type ShiftEdges, shift } from "../../../src/traffic/shift.js";
import { virtualClock } from "../../aws/clock.js";
import { openTestAws } from "../../aws/moto.js";
import { createWorld, memoryJournal, type World } from "../world.js";

const opened = await openTestAws();
const zone = `owned-${process.pid}.example.`;
const skipped = "missing" in opened ? ` (skipped: ${opened.missing})` : "";

/** Names that an external-dns of blue manages: a simple one, and one with a weighted set of its own beside somebody else's. */
describe.skipIf("missing" in opened)(`records that external-dns owns${skipped}`, () => {
  if ("missing" in opened) return;
  let world: World;
  let journal: Journal;
  let original: RecordSet[];
  const txt = (label: string, more: Partial<RecordSet> = {}): RecordSet => ({
    ...{ Name: `${label}.${zone}`, Type: "TXT", TTL: 300, ...more },
    ResourceRecords: [
      { Value: '"heritage=external-dns,external-dns/owner=blue,external-dns/resource=ingress/shop/web"' },
    ],
  });
  const weighted = (SetIdentifier: string, Weight: number, Value: string): RecordSet => ({
    ...{ Name: `api.${zone}`, Type: "A", SetIdentifier, Weight, TTL: 5, ResourceRecords: [{ Value }] },
  });
  beforeEach(async () => {
    world ??= await createWorld(opened.front, zone.slice(0, -1), {
      zones: [
        [
          { Name: "app", Type: "A", TTL: 5, ResourceRecords: [{ Value: "192.0.2.1" }] },
          { ...weighted("shop", 30, "192.0.2.2"), Name: "api" },
          { ...weighted("other", 10, "192.0.2.3"), Name: "api" },
        ],
      ],
      ...{ foreign: [], balancer: [], addresses: 0 },
    });
    await world.reset();
    await world.edit(txt("a-app"));
    await world.edit(txt("x-a-api", { SetIdentifier: "shop", Weight: 30 }));
    journal = memoryJournal();
    original = (await world.snapshot()).records;
  });
  afterAll(() => opened.close());

  const edges = (): ShiftEdges => {
    const clock = virtualClock();
    return { aws: world.aws(clock), journal, clock, check: async () => ({ outcome: "passed", detail: "fine" }) };
  };
  const registry = { affixes: [{ prefix: "x-", suffix: "", wildcard: "" }], owners: { blue: "green" } };
  const cutover = () =>
    shift(
      {
        targets: world.targets.map((target) => (target.kind === "route53" ? { ...target, registry } : target)),
        steps: [25, 100],
        holdMs: 0,
      },
      edges(),
    );
  const registrySets = async () =>
    (await world.snapshot()).records.filter(
      ({ Type, ResourceRecords }) => Type === "TXT" && /external-dns/.test(JSON.stringify(ResourceRecords)),
    );
  const addresses = async () =>
    (await world.snapshot()).records
      .filter(({ Type }) => Type === "A")
      .map(({ Name, SetIdentifier, Weight, ResourceRecords }) => [
        ...[Name.split(".")[0], SetIdentifier, Weight, ResourceRecords?.[0]?.Value],
      ])
      .filter(([label]) => label === "app" || label === "api");

  it("leaves the registry as it is while both clusters live, and goes back exactly", async () => {
    const before = await registrySets();
    await cutover();
    expect(await registrySets()).toEqual(before);
    await rollback(edges());
    expect((await world.snapshot()).records).toEqual(original);
  });

  it("gives back a registry that somebody else changed, where that is asked", async () => {
    await cutover();
    await world.edit({
      ...txt("a-app"),
      ResourceRecords: [{ Value: '"heritage=external-dns,external-dns/owner=thief"' }],
    });
    await expect(rollback(edges())).rejects.toMatchObject({
      code: "drifted",
      message: expect.stringContaining("thief"),
    });
    await rollback(edges(), { overwrite: [`route53:${world.zoneId}`] });
    expect((await world.snapshot()).records).toEqual(original);
  });

  it("stops where the registry changes under it", async () => {
    const changing = edges();
    let checks = 0;
    const check: ShiftEdges["check"] = async () => {
      if (checks++ === 0) await world.edit(txt("a-app", { TTL: 60 }));
      return { outcome: "passed", detail: "fine" };
    };
    const targets = world.targets.map((target) => (target.kind === "route53" ? { ...target, registry } : target));
    await expect(shift({ targets, steps: [25, 100], holdMs: 0 }, { ...changing, check })).rejects.toMatchObject({
      code: "drifted",
    });
  });

  it("hands names over to green's external-dns once blue is gone: by its id, and under the identifier that it will look for", async () => {
    await cutover();
    await finishTraffic("after blue", { records: "simple" }, edges());
    expect(await addresses()).toEqual([
      ["api", "shop", 30, "198.51.100.1"],
      ["app", undefined, undefined, "198.51.100.1"],
    ]);
    const owners = (await registrySets()).map(({ SetIdentifier, Weight, ResourceRecords }) => [
      ...[SetIdentifier, Weight, /owner=([^,]*)/.exec(ResourceRecords?.[0]?.Value ?? "")?.[1]],
    ]);
    expect(owners).toEqual([
      [undefined, undefined, "green"],
      ["shop", 30, "green"],
    ]);
    const effects = world.effects();
    await finishTraffic("after blue", { records: "simple" }, edges());
    expect(world.effects()).toBe(effects);
  });
});
