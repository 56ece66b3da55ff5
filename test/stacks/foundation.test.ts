import { beforeAll, describe, expect, it, vi } from "vitest";
import { parseFoundationOutputs } from "../../stacks/outputs.js";
import { foundationProgram } from "../../stacks/program.js";
import { parseFoundationSettings } from "../../stacks/settings/foundation-settings.js";
import { type MockRun, runWithMocks } from "./mocks.js";
import { rawFoundation } from "./settings-fixtures.js";

// Loading Pulumi and AWS takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const run = (change: object = {}, zones: Record<string, string> = {}) =>
  runWithMocks(foundationProgram(parseFoundationSettings(rawFoundation(change))), { zones });

describe("a foundation with a network of its own", () => {
  let made: MockRun;
  beforeAll(async () => {
    made = await run({
      account: "123456789012",
      tags: { team: "platform" },
      addresses: ["syslog-a", "syslog-b"],
      hostedZones: [{ name: "example.com" }, { name: "internal", private: true }],
      backup: { keepOldVersionsDays: 30 },
    });
  });

  it("puts a private and a public subnet in each zone, none overlapping", () => {
    const subnets = made.ofType(":Subnet").map(({ inputs }) => inputs);
    expect(subnets.map((subnet) => [subnet.availabilityZone, subnet.cidrBlock, subnet.mapPublicIpOnLaunch])).toEqual([
      ["eu-west-1a", "10.20.192.0/20", true],
      ["eu-west-1a", "10.20.0.0/18", false],
      ["eu-west-1b", "10.20.208.0/20", true],
      ["eu-west-1b", "10.20.64.0/18", false],
      ["eu-west-1c", "10.20.224.0/20", true],
      ["eu-west-1c", "10.20.128.0/18", false],
    ]);
  });

  it("sends each private zone out by its own NAT gateway", () => {
    const routes = made.ofType(":Route").filter(({ name }) => name.includes("private"));
    expect(routes.map(({ inputs }) => [inputs.routeTableId, inputs.natGatewayId])).toEqual(
      ["a", "b", "c"].map((zone) => [`prod-private-eu-west-1${zone}-id`, `prod-nat-eu-west-1${zone}-id`]),
    );
  });

  it("protects every Elastic IP, of clusters and of egress, and leaves its association alone", () => {
    const addresses = made.ofType(":Eip");
    expect(addresses).toHaveLength(5);
    expect(addresses.filter(({ protect }) => !protect)).toEqual([]);
    const movable = addresses.filter(({ name }) => name.startsWith("prod-syslog"));
    expect(movable.map(({ ignoreChanges }) => ignoreChanges)).toEqual(
      [1, 2].map(() => ["instance", "networkInterface", "associateWithPrivateIp"]),
    );
  });

  it("keeps backups versioned, encrypted, private and protected", () => {
    expect(made.one(":Bucket").protect).toBe(true);
    expect(made.one(":BucketVersioning").inputs.versioningConfiguration).toEqual({ status: "Enabled" });
    expect(made.one(":BucketPublicAccessBlock").inputs).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(made.one(":BucketServerSideEncryptionConfiguration").inputs.rules).toMatchObject([
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:aws:mock:::Key/prod" } },
    ]);
    expect(made.one(":BucketLifecycleConfiguration").inputs.rules).toMatchObject([
      { status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 30 } },
    ]);
    expect(made.one(":BucketPolicy").inputs.policy).toContain("aws:SecureTransport");
  });

  it("rotates its key, protects it, and lets volumes and logs of this account use it", () => {
    const key = made.one(":Key");
    expect(key).toMatchObject({ protect: true, inputs: { enableKeyRotation: true, deletionWindowInDays: 30 } });
    const policy = JSON.parse(String(key.inputs.policy));
    expect(policy.Statement[1].Condition.StringEquals).toEqual({
      "kms:CallerAccount": "123456789012",
      "kms:ViaService": "ec2.eu-west-1.amazonaws.com",
    });
    expect(policy.Statement[2].Principal).toEqual({ Service: "logs.eu-west-1.amazonaws.com" });
  });

  it("makes everything with one provider: region, account and tags", () => {
    const provider = made.one("pulumi:providers:aws");
    expect(provider.inputs).toMatchObject({ region: "eu-west-1" });
    expect(JSON.parse(String(provider.inputs.allowedAccountIds))).toEqual(["123456789012"]);
    expect(JSON.parse(String(provider.inputs.defaultTags))).toEqual({
      tags: { team: "platform", "managed-by": "clustershift", "clustershift:foundation": "prod" },
    });
    const foreign = made.resources.filter(
      ({ type, provider: own }) => type.startsWith("aws:") && !own.includes("::aws::"),
    );
    expect(foreign.map(({ name }) => name)).toEqual([]);
  });

  it("says what clusters need of it", () => {
    expect(parseFoundationOutputs(made.outputs)).toMatchObject({
      vpcId: "prod-id",
      privateSubnets: ["a", "b", "c"].map((zone) => ({
        id: `prod-private-eu-west-1${zone}-id`,
        zone: `eu-west-1${zone}`,
      })),
      hostedZones: [
        { name: "example.com", id: "Z-example.com-false" },
        { name: "internal", id: "Z-internal-true" },
      ],
      addresses: { "syslog-a": { allocationId: "eipalloc-prod-syslog-a" } },
      backupBucket: "prod-backups",
      keyArn: "arn:aws:mock:::Key/prod",
    });
  });
});

describe("egress", () => {
  it("goes by one gateway where asked", async () => {
    const made = await run({ network: { kind: "new", zones: ["eu-west-1a", "eu-west-1b"], nat: "single" } });
    expect(made.ofType(":NatGateway")).toHaveLength(1);
    const routes = made.ofType(":Route").filter(({ name }) => name.includes("private"));
    expect(routes.map(({ inputs }) => inputs.natGatewayId)).toEqual([1, 2].map(() => "prod-nat-eu-west-1a-id"));
  });
});

describe("a foundation in a network that is there", () => {
  it("changes nothing of it, and takes each subnet's zone from AWS", async () => {
    const network = { kind: "found", vpcId: "vpc-0a", privateSubnetIds: ["subnet-0a", "subnet-0b"] };
    const made = await run({ network }, { "subnet-0a": "eu-west-1a", "subnet-0b": "eu-west-1b" });
    expect(made.resources.filter(({ type }) => type.startsWith("aws:ec2/"))).toEqual([]);
    expect(parseFoundationOutputs(made.outputs)).toMatchObject({
      vpcId: "vpc-0a",
      vpcCidr: "172.20.0.0/16",
      privateSubnets: [
        { id: "subnet-0a", zone: "eu-west-1a" },
        { id: "subnet-0b", zone: "eu-west-1b" },
      ],
      publicSubnets: [],
      egressIps: [],
    });
  });
});
