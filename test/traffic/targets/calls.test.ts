import { afterAll, describe, expect, it } from "vitest";
import { markingOf } from "../../../src/traffic/marks/marking.js";
import { rollback } from "../../../src/traffic/rollback.js";
import { shift } from "../../../src/traffic/shift.js";
import { virtualClock } from "../../aws/clock.js";
import { openTestAws } from "../../aws/moto.js";
import { createWorld, memoryJournal } from "../world.js";

const opened = await openTestAws();

describe.skipIf("missing" in opened)(`calls${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`, () => {
  if ("missing" in opened) return;
  const { front } = opened;
  afterAll(() => opened.close());

  it("goes back with three calls for a zone's batch, a listener, a rule and an address", async () => {
    const world = await createWorld(front, `calls-${process.pid}.example`);
    const before = await world.snapshot();
    const journal = memoryJournal();
    const clock = virtualClock();
    const check = async () => ({ outcome: "passed" as const, detail: "fine" });
    const marking = markingOf("20261128T220000Z", "blue.acme.example");
    await shift(
      { targets: world.targets, steps: [100], holdMs: 0, marking },
      { aws: world.aws(clock), journal, clock, check },
    );
    const aws = world.aws(clock);
    await rollback({ aws, journal, clock });
    expect(await world.snapshot()).toEqual(before);
    const made = Object.fromEntries(Object.entries(aws.meter.actions()).map(([action, { calls }]) => [action, calls]));
    const addresses = world.targets.filter(({ kind }) => kind === "elastic-ip").length;
    expect(addresses).toBe(2);
    expect(made).toEqual({
      ListResourceRecordSets: 1,
      ChangeResourceRecordSets: 1,
      GetChange: 1,
      DescribeListeners: 2,
      ModifyListener: 1,
      DescribeRules: 2,
      ModifyRule: 1,
      DescribeAddresses: 2 * addresses,
      AssociateAddress: addresses,
      // Besides, once traffic is back, however many there are: all addresses' tags, and 20 listeners' and rules' at once.
      DeleteTags: 1,
      RemoveTags: 1,
    });
  });
});
