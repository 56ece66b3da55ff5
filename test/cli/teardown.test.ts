import { CreateVolumeCommand, EC2Client } from "@aws-sdk/client-ec2";
import { afterAll, expect, it } from "vitest";
import type { CloudLook } from "../../src/model/cloud.js";
import type { TeardownReceipt } from "../../src/model/teardown.js";
import { openTestAws } from "../aws/moto.js";
import { openWorkshop, type Workshop } from "../proofs/unsafe/workshop.js";
import { hour } from "../run/evidence.js";
import { region } from "../traffic/world.js";

const aws = await openTestAws();
let workshop: Workshop | undefined;
afterAll(async () => {
  await workshop?.close();
  if (!("missing" in aws)) await aws.close();
});

/** A volume that blue's controllers made, by its tag. */
async function plantVolume(endpoint: string): Promise<string> {
  const ec2 = new EC2Client({ endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } });
  const Tags = [{ Key: "kubernetes.io/cluster/blue.acme.example", Value: "owned" }];
  const TagSpecifications = [{ ResourceType: "volume" as const, Tags }];
  const { VolumeId = "" } = await ec2.send(
    new CreateVolumeCommand({ AvailabilityZone: `${region}a`, Size: 1, TagSpecifications }),
  );
  ec2.destroy();
  return VolumeId;
}

it.skipIf("missing" in aws)(
  "lists what blue made, removes blue, tells what it left, and removes that by id",
  async () => {
    if ("missing" in aws) return;
    const blue = { name: "blue.acme.example", context: "fake", kubeconfig: "blue.kubeconfig" };
    workshop = await openWorkshop(aws.front, {
      name: `teardown-${process.pid}.example`,
      config: { blue: { ...blue, teardown: { command: ["/bin/true"] } } },
    });
    const { place, run, jump } = await workshop.openScene();
    const volume = await plantVolume(aws.front.internalEndpoint);
    const mine = ({ id }: { id: string }) => id === volume;
    await place.succeed("cutover");
    jump(25 * hour);

    const confirm = ["--confirm", "blue.acme.example"];
    expect(await place.json("teardown", "--sweep")).toMatchObject({ code: 72 });
    expect((await place.json("teardown", "--remove-orphans", volume)).json.error.code).toBe("usage");
    const dry = await place.json<{ cloud: CloudLook }>("teardown", "--dry-run");
    expect(dry.json.cloud.resources.filter(mine)).toMatchObject([{ kind: "volume", because: expect.any(String) }]);

    const { code, json } = await place.json<{ receipt: TeardownReceipt }>("teardown", ...confirm);
    expect(code).toBe(0);
    expect(json.receipt.left.filter(mine)).toHaveLength(1);
    const kept = await run.read("teardown.json");
    expect(kept).toMatchObject({ blue: "blue.acme.example", bundle: { path: run.bundlePath }, removed: [] });

    const listed = await place.json<CloudLook>("teardown", "--sweep");
    expect(listed.json.resources.filter(mine)).toHaveLength(1);
    const remove = ["teardown", "--sweep", "--remove-orphans", volume];
    expect((await place.json(...remove)).json.error.code).toBe("not-confirmed");
    expect(await place.run([...remove, "--dry-run"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(volume),
    });
    await place.succeed(...remove, ...confirm);
    // What is gone is as it should be.
    await place.succeed(...remove, ...confirm);
    expect(await run.read("teardown.json")).toMatchObject({
      bundle: { path: run.bundlePath },
      removed: [{ kind: "volume", id: volume }],
    });
    const report = await place.json<{ sections: { title: string }[] }>("report");
    expect(report.json.sections.map(({ title }) => title)).toContain("What became of blue");
    // And whoever comes back to the run is told that it has ended.
    expect(await place.json("teardown", ...confirm)).toMatchObject({ code: 27 });
  },
  120_000,
);
