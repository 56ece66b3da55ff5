import { afterAll, describe, expect, it } from "vitest";
import type { Journal } from "../../../src/model/journal.js";
import { markingOf, tagKey } from "../../../src/traffic/marks/marking.js";
import { rebuildJournal } from "../../../src/traffic/marks/rebuild.js";
import { planRollback, rollback } from "../../../src/traffic/rollback.js";
import { shift } from "../../../src/traffic/shift.js";
import { virtualClock } from "../../aws/clock.js";
import { openTestAws } from "../../aws/moto.js";
import { Crash, crashingAt, createWorld, memoryJournal, type World, type WorldSpec } from "../world.js";

const opened = await openTestAws();
const marking = markingOf("20261128T220000Z", "blue.acme.example");
const answer = (value: string) => ({ TTL: 5, ResourceRecords: [{ Value: value }] });

/** Of each kind what is hardest to bring back without a record: a wildcard, an alias, weights, an identifier with odd characters. */
const spec: WorldSpec = {
  zones: [
    [
      { Name: "app", Type: "A", ...answer("192.0.2.1") },
      { Name: "*.wild", Type: "CNAME", ...answer("blue.example.") },
      { Name: "pool", Type: "A", SetIdentifier: 'a "b" \\ é', Weight: 7, ...answer("192.0.2.2") },
      { Name: "pool", Type: "A", SetIdentifier: "other", Weight: 0, ...answer("192.0.2.3") },
    ],
    [
      {
        ...{ Name: "lb", Type: "A" },
        AliasTarget: { HostedZoneId: "Z35SXDOTRQ7X7K", DNSName: "lb.example.", EvaluateTargetHealth: true },
      },
    ],
  ],
  foreign: ["partner"],
  balancer: [[1], [3, 0, 1]],
  addresses: 2,
  manual: ["partner list"],
};

describe.skipIf("missing" in opened)(
  `a rollback with nothing left${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`,
  () => {
    if ("missing" in opened) return;
    const { front } = opened;
    afterAll(() => opened.close());

    const placesOf = ({ zoneIds, targets }: World) => ({
      owner: marking.owner,
      zoneIds,
      addresses: true,
      balancers: targets.flatMap((target) => (target.kind === "load-balancer" ? [target] : [])),
      manual: targets.flatMap((target) => (target.kind === "manual" ? [target] : [])),
    });

    /** Everything that marks could be found by. */
    const left = async (world: World) => {
      const { ec2, elbv2 } = world.aws(virtualClock());
      const arns = placesOf(world).balancers.map(({ ruleArn, listenerArn }) => ruleArn ?? listenerArn);
      return [...(await ec2.tagged(tagKey(marking))), ...(await elbv2.tagsOf(arns, tagKey(marking)))];
    };

    const rebuilt = async (world: World): Promise<Journal | undefined> => {
      const found = await rebuildJournal(placesOf(world), world.aws(virtualClock()));
      if (!found) return undefined;
      expect(found.run).toBe(marking.run);
      const journal = memoryJournal();
      for (const record of found.records) await journal.append(record);
      return journal;
    };

    const move = async (world: World, point: number) => {
      const clock = virtualClock();
      const { aws, journal, state } = crashingAt(point, world.aws(clock), memoryJournal());
      const check = async () => ({ outcome: "passed" as const, detail: "fine" });
      const input = { targets: world.targets, steps: [25, 100], holdMs: 0, marking };
      await shift(input, { aws, journal, clock, check, confirm: async () => true }).catch((error: unknown) => {
        if (!(error instanceof Crash)) throw error;
      });
      return state.happened;
    };

    it("goes back exactly from wherever a shift was killed, and leaves no mark", async () => {
      const world = await createWorld(front, `marks-${process.pid}.example`, spec);
      const original = await world.snapshot();
      let moved = 0;
      // Every point would take minutes: their distance has no common factor with how many writes a step has.
      for (let point = 1, goesOn = true; goesOn; point += 7) {
        goesOn = await move(world, point);
        const journal = await rebuilt(world);
        if (journal) {
          const clock = virtualClock();
          await planRollback({ aws: world.aws(clock), clock, journal });
          await rollback({ aws: world.aws(clock), clock, journal });
          moved++;
        }
        expect({ point, ...(await world.snapshot()) }).toEqual({ point, ...original });
        expect(await left(world)).toEqual([]);
      }
      expect(moved).toBeGreaterThan(4);
      expect(await rebuilt(world)).toBeUndefined();
    }, 240_000);

    it("is refused where somebody changed what the marks are about, naming it", async () => {
      const world = await createWorld(front, `misfit-${process.pid}.example`);
      await move(world, Number.POSITIVE_INFINITY);
      const { records } = await world.snapshot();
      const [blue] = records.filter(({ SetIdentifier }) => SetIdentifier === "clustershift-blue");
      if (blue) await world.edit({ ...blue, ResourceRecords: [{ Value: "203.0.113.9" }] });
      const [first] = world.targets.flatMap((target) => (target.kind === "elastic-ip" ? [target] : []));
      await world.steal(first?.allocationId ?? "");
      const before = await world.snapshot();
      const refused = await rebuilt(world).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: "drifted" });
      expect(String(refused)).toMatch(/_clustershift-.* TXT can't be read, or doesn't fit/);
      expect(String(refused)).toContain(first?.allocationId);
      expect(await world.snapshot()).toEqual(before);
    }, 120_000);
  },
);
