import { randomBytes } from "node:crypto";
import { AttachVolumeCommand, CreateSubnetCommand, CreateVpcCommand } from "@aws-sdk/client-ec2";
import { afterAll, expect, it, vi } from "vitest";
import { allowedIn } from "../../src/aws/permissions/policy.js";
import { anyScope, type Scope } from "../../src/aws/permissions/scope.js";
import type { JournalEntry } from "../../src/model/journal.js";
import { emulatorClients } from "../../src/sandbox/aws/clients.js";
import { launchGroup } from "../../src/sandbox/aws/instances.js";
import { bringVolumes } from "../../src/volumes/bring.js";
import type { Checksum } from "../../src/volumes/checksum.js";
import { downtimeOf, sumsTake } from "../../src/volumes/downtime.js";
import { claims } from "../../src/volumes/edges.js";
import { takeVolumesBack } from "../../src/volumes/take-back.js";
import { openTestAws } from "../aws/moto.js";
import { calledBetween } from "../aws/permissions/called.js";
import { wrongsOf } from "../proofs/volumes/judge.js";
import { type ClaimShape, cloudAt, lineage, quickClock, region, smallWorld } from "../proofs/volumes/world.js";
import { open, servers, why } from "../replay/servers.js";
import { memoryJournal } from "../workloads/journal.js";

const aws = servers ? await openTestAws() : { missing: "no servers" };
const green = servers && (await open(servers.greenFile));
afterAll(async () => {
  await green?.close();
  if (!("missing" in aws)) await aws.close();
});

const actionsOf = (scope: Scope): string[] => allowedIn("cutover", scope).map(([, action]) => action);
const shape = (name: string, parts: Partial<ClaimShape> = {}): ClaimShape => ({
  ...{ name, strategy: "copy", source: "csi", zone: "a", type: "gp3", size: 5 },
  ...parts,
});

it.skipIf(!green || "missing" in aws)(
  `refuses what can't be brought, by its claim, and brings the others${why}`,
  async () => {
    if (!green || "missing" in aws) return;
    const { front } = aws;
    const { ec2 } = emulatorClients(front.internalEndpoint, region);
    const run = `volumes-${randomBytes(5).toString("hex")}`;
    const names = ["fine", "attached", "elsewhere", "missing", "unclaimed", "leaving"];
    const world = await smallWorld(
      front,
      green,
      run,
      names.map((name) => shape(name)),
    );
    const [, attached, elsewhere, missing] = world.bringings;
    if (!attached || !elsewhere || !missing) throw new Error("a claim for each name");

    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: "10.0.0.0/24", AvailabilityZone: `${region}a` }),
    );
    const subnets = [{ zone: `${region}a`, subnetId: Subnet?.SubnetId ?? "" }];
    const [instance] = await launchGroup(ec2, { cluster: "b", colour: "blue", group: "nodes", count: 1, subnets });
    await ec2.send(
      new AttachVolumeCommand({ VolumeId: attached.planned.handle, InstanceId: instance?.id, Device: "/dev/xvdf" }),
    );
    elsewhere.planned.zone = { from: `${region}c`, to: `${region}b` };
    missing.planned.handle = "vol-00000000000000000";
    const { namespace } = world;
    const keptBy = (finalizers: string[]) =>
      green.patch(claims, "leaving", { metadata: { finalizers } }, { type: "merge", namespace });
    await keptBy(["acme.dev/busy"]);
    for (const name of ["unclaimed", "leaving"]) await green.delete(claims, name, namespace);
    // Kubernetes's own finalizer keeps a claim until its controller gets to it.
    await vi.waitFor(async () => expect(await green.get(claims, "unclaimed", namespace)).toBeUndefined(), {
      ...{ timeout: 60_000, interval: 50 },
    });

    const entries: JournalEntry[] = [];
    const cloud = cloudAt(front.endpoint);
    const edges = { cloud, green, journal: memoryJournal(entries), clock: quickClock };
    const terms = { ...world.terms, timeoutMs: 300 };
    const outcomes = await bringVolumes(world.bringings, terms, edges);
    expect(outcomes.map(({ claim, failed }) => [claim.name, failed])).toEqual([
      ["fine", undefined],
      ["attached", expect.stringMatching(/is still in-use, on i-.*blue's node must let go of it/)],
      ["elsewhere", expect.stringMatching(/is in eu-central-1a, and the plan says eu-central-1c/)],
      ["missing", "vol-00000000000000000 isn't there"],
      ["unclaimed", "green has no such claim: clustershift migrate brings it"],
      ["leaving", expect.stringMatching(/is being deleted/)],
    ]);
    const judging = { cloud, green, run, round: 1, originals: world.originals };
    expect(await wrongsOf(world.bringings.slice(0, 1), judging)).toEqual([]);
    // Nothing was begun for what was refused at once.
    expect(
      entries.filter(
        (entry) => entry.type !== "event" && /attached|elsewhere|missing|unclaimed|leaving/.test(entry.step),
      ),
    ).toEqual([]);

    expect(await takeVolumesBack(edges, { timeoutMs: 0, started: false })).toMatchObject({
      free: [],
      kept: [{ claim: `${world.namespace}/fine` }],
    });
    expect(await takeVolumesBack(edges, { timeoutMs: 0, started: false })).toBeUndefined();
    const called = calledBetween({}, front.counts()).filter((action) => action.startsWith("ec2:"));
    const traffic = new Set(actionsOf({ ...anyScope, volumes: false }));
    // Tags go with what is made: IAM asks for them, and no call has them.
    const due = actionsOf(anyScope).filter((action) => !traffic.has(action) || action === "ec2:CreateTags");
    expect([...called, "ec2:CreateTags"].sort()).toEqual([...new Set(due)].sort());
    await keptBy([]);
    cloud.close();
    ec2.destroy();
    await world.remove();
  },
  120_000,
);

it.skipIf(!green || "missing" in aws)(
  `keeps back what the team's own checksum says is another on green${why}`,
  async () => {
    if (!green || "missing" in aws) return;
    const { front } = aws;
    const run = `volumes-${randomBytes(5).toString("hex")}`;
    const shapes = [shape("copied"), shape("handed", { strategy: "hand-over" })];
    const world = await smallWorld(front, green, run, shapes);
    const entries: JournalEntry[] = [];
    const cloud = cloudAt(front.endpoint);
    const edges = { cloud, green, journal: memoryJournal(entries), clock: quickClock };
    const sums = (argv: readonly string[], more: NodeJS.ProcessEnv = {}): Checksum => {
      const env = { ...process.env, LINEAGE_ENDPOINT: front.internalEndpoint, ...more };
      return { run: argv, timeoutMs: 30_000, dir: process.cwd(), env };
    };
    const bring = async (checksum: Checksum) =>
      (await bringVolumes(world.bringings, world.terms, edges, checksum)).map(({ failed }) => failed);
    const moved = () => entries.filter((entry) => entry.type === "intent" && !/\/(sum|compare)\//.test(entry.step));

    // Nothing moves as long as blue's isn't known.
    expect(await bring(sums(["no-such-program"]))).toEqual([
      expect.stringMatching(/^volumes.checksum on blue: it could not be started: /),
      expect.stringMatching(/^volumes.checksum on blue: /),
    ]);
    const fails = [process.execPath, "-e", "console.error('no Job'); process.exit(3)"];
    expect(await bring(sums(fails))).toEqual(Array(2).fill("volumes.checksum on blue: exit 3: no Job"));
    expect(await bring(sums([process.execPath, "-e", ""]))).toEqual(
      Array(2).fill(expect.stringMatching(/prints nothing/)),
    );
    expect(moved()).toEqual([]);

    const own = [process.execPath, lineage];
    const copied = world.bringings[0]?.planned.handle;
    expect(await bring(sums(own, { LINEAGE_SPOILT: "spoilt" }))).toEqual([
      `volumes.checksum says spoilt on green and ${copied} on blue: it isn't what blue had`,
      undefined,
    ]);
    // Looked at again, and nothing else is done again.
    const { length } = moved();
    expect(await bring(sums(own))).toEqual([undefined, undefined]);
    expect(moved()).toHaveLength(length);
    cloud.close();
    await world.remove();
  },
  120_000,
);

it("counts the checksums in the time that a workload runs on neither cluster", () => {
  expect(downtimeOf("hand-over", "10Gi", sumsTake(9, 60_000))).toEqual({
    seconds: 180 + 240,
    basis: "stop 60s, checksums 240s, detach 60s, attach 60s",
  });
  expect(downtimeOf("fresh", "10Gi", 240)).toBeUndefined();
});
