import { afterAll, describe, expect, it } from "vitest";
import { lookAtTraffic } from "../../src/traffic/look.js";
import { recordTargets } from "../../src/traffic/targets/index.js";
import { virtualClock } from "../aws/clock.js";
import { openTestAws } from "../aws/moto.js";
import { createWorld, memoryJournal } from "./world.js";

const opened = await openTestAws();

describe.skipIf("missing" in opened)(
  `lookAtTraffic${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`,
  () => {
    if ("missing" in opened) return;
    afterAll(() => opened.close());

    it("reads each zone and all addresses once, and shows the rest where one can't be seen", async () => {
      const world = await createWorld(opened.front, "look.example");
      const clock = virtualClock();
      const aws = world.aws(clock);
      const recorded = await recordTargets(world.targets, aws);
      const edges = { aws, clock, journal: memoryJournal() };
      const before = aws.meter.actions();
      const calls = () =>
        Object.fromEntries(
          Object.entries(aws.meter.actions()).map(([action, seen]) => [
            action,
            seen.calls - (before[action]?.calls ?? 0),
          ]),
        );
      const seen = await lookAtTraffic(recorded, edges);
      expect(seen.troubles).toEqual([]);
      expect(seen.portions).toHaveLength(world.targets.length);
      expect(seen.portions.every(({ blue, green, other }) => blue > 0 && green === 0 && other === 0)).toBe(true);
      expect(calls()).toMatchObject({ ListResourceRecordSets: world.zoneIds.length, DescribeAddresses: 1 });

      const blind = { ...aws, ec2: { ...aws.ec2, addresses: () => Promise.reject(new Error("not allowed")) } };
      const less = await lookAtTraffic(recorded, { ...edges, aws: blind });
      expect(less.troubles).toHaveLength(2);
      expect(less.troubles[0]).toMatch(/^elastic-ip:.*: not allowed$/);
      expect(less.portions).toHaveLength(world.targets.length - 2);
      aws.close();
    });
  },
);
