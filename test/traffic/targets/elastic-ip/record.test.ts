import { AllocateAddressCommand, AssociateAddressCommand, EC2Client } from "@aws-sdk/client-ec2";
import { afterAll, describe, expect, it } from "vitest";
import { recordAddresses } from "../../../../src/traffic/targets/elastic-ip/record.js";
import { placeStages } from "../../../../src/traffic/targets/elastic-ip/stages.js";
import { virtualClock } from "../../../aws/clock.js";
import { openTestAws } from "../../../aws/moto.js";
import { createWorld, region } from "../../world.js";

const opened = await openTestAws();
const title = `recordAddresses${"missing" in opened ? ` (skipped: ${opened.missing})` : ""}`;

describe.skipIf("missing" in opened)(title, async () => {
  if ("missing" in opened) return;
  const { front } = opened;
  afterAll(() => opened.close());
  const spec = { zones: [], foreign: [], balancer: [], addresses: 2 };
  const world = await createWorld(front, `addresses-${process.pid}.example`, spec);
  const aws = world.aws(virtualClock());
  const targets = world.targets
    .flatMap((target) => (target.kind === "elastic-ip" ? [target] : []))
    .sort((a, b) => (a.zone < b.zone ? -1 : 1));
  const [first, second] = targets;
  if (!first || !second) throw new Error("no addresses");

  it("shows which address goes where, and says where it leaves its zone", async () => {
    const crossed = [
      { ...first, greenInstanceId: second.greenInstanceId },
      { ...second, greenInstanceId: first.greenInstanceId },
    ];
    const whats = async (of: typeof targets) =>
      placeStages(await recordAddresses(of, aws), { attempt: 1, steps: [100], holdMs: 0 }).map(({ what }) => what);
    const blue = (await world.snapshot()).addresses.find(({ allocationId }) => allocationId === first.allocationId);
    const own = `${first.publicIp} (${blue?.instanceId} -> ${first.greenInstanceId})`;
    expect((await whats(targets))[0]).toBe(`green's instances get the Elastic IPs of syslog in ${first.zone}: ${own}`);
    expect((await whats(crossed))[0]).toContain(`-> ${second.greenInstanceId} in ${second.zone})`);
  });

  it("refuses, before anything moves, a place that another address has", async () => {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const ec2 = new EC2Client({ endpoint: front.internalEndpoint, region, credentials });
    const { AllocationId, PublicIp } = await ec2.send(new AllocateAddressCommand({ Domain: "vpc" }));
    await ec2.send(new AssociateAddressCommand({ AllocationId, InstanceId: second.greenInstanceId }));
    const before = await world.snapshot();
    await expect(recordAddresses(targets, aws)).rejects.toMatchObject({
      code: "config-invalid",
      message: expect.stringContaining(`which is to get ${second.publicIp}, has ${PublicIp} already`),
    });
    expect(await world.snapshot()).toEqual(before);
    // Its other targets are fine, and this one is once that address is elsewhere.
    expect(await recordAddresses([first], aws)).toHaveLength(1);
  });
});
