import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { nodeCommand } from "../../src/sandbox/self.js";
import { foundationOutputs, rawCluster } from "../stacks/settings-fixtures.js";
import { programOf } from "./engine/configurations.js";
import { openWorld, region, type World } from "./engine/world.js";
import { killedOften } from "./kills/killed-often.js";
import { moments } from "./kills/moments.js";

/** A folder with bin/pulumi in it: the real engine. */
const pulumiRoot = process.env.CLUSTERSHIFT_TEST_PULUMI;
const why = pulumiRoot === undefined ? " (skipped: CLUSTERSHIFT_TEST_PULUMI names no folder with bin/pulumi)" : "";

// Only bounds what hangs: the machine may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** The proof's short form: a small cluster, killed once, its engine with it. */
describe.skipIf(pulumiRoot === undefined)(`a stack that is killed while it comes up${why}`, () => {
  let folder: string;
  let world: World;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "up-kills-"));
    world = await openWorld(join(folder, "world"), pulumiRoot ?? "");
  });
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("goes on by the same command, and has nothing twice", async () => {
    const raw = rawCluster({ foundation: { ...foundationOutputs, ...(await network(world)) } });
    const job = JSON.stringify({ raw, region, pulumiRoot, state: world.state });
    const outcome = await killedOften({
      world,
      stackName: raw.name,
      program: programOf(raw),
      command: { ...nodeCommand("./kills/child", import.meta.url, job), env: process.env },
      moments: moments.filter(({ name }) => name === "after a launch template"),
      kills: 1,
      services: ["ec2", "eks", "iam", "logs"],
      report: () => {},
    });
    expect(outcome.wrong).toEqual([]);
    expect(outcome.unknownToState).toBeGreaterThan(0);
  });
});

/** The least of a network, without a foundation's stack. */
async function network({ aws }: World) {
  const { Vpc } = (await aws("ec2", "CreateVpc", { CidrBlock: "10.20.0.0/16" })) as { Vpc: { VpcId: string } };
  const privateSubnets = [];
  for (const [index, zone] of ["eu-west-1a", "eu-west-1b"].entries()) {
    const place = { VpcId: Vpc.VpcId, CidrBlock: `10.20.${index}.0/24`, AvailabilityZone: zone };
    const { Subnet } = (await aws("ec2", "CreateSubnet", place)) as { Subnet: { SubnetId: string } };
    privateSubnets.push({ id: Subnet.SubnetId, zone });
  }
  return { vpcId: Vpc.VpcId, privateSubnets, publicSubnets: [] };
}
