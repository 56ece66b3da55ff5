import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { clusterProgram, foundationProgram } from "../../stacks/program.js";
import { parseClusterSettings } from "../../stacks/settings/cluster-settings.js";
import { parseFoundationSettings } from "../../stacks/settings/foundation-settings.js";
import { rawCluster, rawFoundation } from "../stacks/settings-fixtures.js";
import { createDumper } from "./engine/dump.js";
import { openWorld, type World } from "./engine/world.js";

/** A folder with bin/pulumi in it: the real engine. */
const pulumiRoot = process.env.CLUSTERSHIFT_TEST_PULUMI;
const why = pulumiRoot === undefined ? " (skipped: CLUSTERSHIFT_TEST_PULUMI names no folder with bin/pulumi)" : "";

// Only bounds what hangs: the machine may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** The proof's short form: a small foundation and a small cluster, which asks nothing of a cluster's API. */
describe.skipIf(pulumiRoot === undefined)(`stacks in the real engine${why}`, () => {
  let folder: string;
  let world: World;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "stacks-engine-"));
    world = await openWorld(join(folder, "world"), pulumiRoot ?? "");
  });
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("leave the foundation exactly as it was when a cluster comes and goes", async () => {
    const zones = ["eu-west-1a", "eu-west-1b"];
    const small = rawFoundation({ network: { kind: "new", zones, nat: "single" }, addresses: ["ingress"] });
    const foundation = await world.open("prod-foundation", foundationProgram(parseFoundationSettings(small)));
    await foundation.up();
    const services = ["ec2", "eks", "iam", "kms", "logs", "s3"];
    const dump = createDumper(world.env.CLUSTERSHIFT_TEST_MODELS, services);
    const before = await dump(world.aws);

    const settings = parseClusterSettings(rawCluster({ foundation: "organization/clustershift/prod-foundation" }));
    const cluster = await world.open("prod-1-35", clusterProgram(settings));
    const { create = 0 } = await cluster.up();
    expect(create).toBeGreaterThan(30);
    await cluster.destroy();
    expect(await dump(world.aws)).toEqual(before);
  });
});
