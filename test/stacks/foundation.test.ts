import { beforeAll, describe, expect, it, vi } from "vitest";
import { parseFoundationOutputs } from "../../stacks/outputs.js";
import { foundationProgram } from "../../stacks/program.js";
import { parseFoundationSettings } from "../../stacks/settings/foundation-settings.js";
import { type MockRun, type Registered, runWithMocks, type World } from "./mocks.js";
import { rawFoundation } from "./settings-fixtures.js";

// Loading Pulumi and AWS takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const run = (change: object = {}, world: World = {}) =>
  runWithMocks(foundationProgram(parseFoundationSettings(rawFoundation(change))), world);

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

  it("protects everything: the engine destroys what isn't, though it refuses what is", () => {
    const unprotected = made.resources.filter(({ type, protect }) => !protect && !type.startsWith("pulumi:"));
    expect(unprotected).toEqual([]);
    expect(made.resources.length).toBeGreaterThan(40);
  });

  it("leaves the association of Elastic IPs that move alone", () => {
    const addresses = made.ofType(":Eip");
    expect(addresses).toHaveLength(5);
    const movable = addresses.filter(({ name }) => name.startsWith("prod-syslog"));
    expect(movable.map(({ ignoreChanges }) => ignoreChanges)).toEqual(
      [1, 2].map(() => ["instance", "networkInterface", "associateWithPrivateIp"]),
    );
  });

  it("keeps backups versioned, encrypted and private", () => {
    expect(made.one(":BucketVersioning").inputs.versioningConfiguration).toEqual({ status: "Enabled" });
    expect(made.one(":BucketPublicAccessBlock").inputs).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(made.one(":BucketServerSideEncryptionConfiguration").inputs.rules).toMatchObject([
      {
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: "aws:kms",
          kmsMasterKeyId: "arn:aws:mock::123456789012:Key/prod",
        },
      },
    ]);
    expect(made.one(":BucketLifecycleConfiguration").inputs.rules).toMatchObject([
      { status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 30 } },
    ]);
    expect(made.one(":BucketPolicy").inputs.policy).toContain("aws:SecureTransport");
  });

  it("rotates its key, and lets volumes and logs of this account use it", () => {
    const key = made.one(":Key");
    expect(key).toMatchObject({ inputs: { enableKeyRotation: true, deletionWindowInDays: 30 } });
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
      keyArn: "arn:aws:mock::123456789012:Key/prod",
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

describe("logs", () => {
  it("are kept encrypted in a protected group, with who talked to whom in the network", async () => {
    const made = await run({ logs: { retentionDays: 30 } });
    const group = made.one(":LogGroup");
    expect(group).toMatchObject({
      protect: true,
      inputs: { name: "/clustershift/prod", retentionInDays: 30, kmsKeyId: "arn:aws:mock::123456789012:Key/prod" },
    });
    expect(made.one(":FlowLog").inputs).toMatchObject({
      vpcId: "prod-id",
      trafficType: "ALL",
      logDestination: "arn:aws:mock::123456789012:LogGroup/prod",
    });
    const key = JSON.parse(String(made.one(":Key").inputs.policy));
    expect(JSON.stringify(key.Statement[2])).toContain(":log-group:/clustershift/*");
  });

  it("hold no flows where that isn't wanted", async () => {
    const made = await run({ network: { kind: "new", zones: ["eu-west-1a", "eu-west-1b"], flowLogs: false } });
    expect(made.ofType(":FlowLog")).toEqual([]);
    expect(made.ofType(":LogGroup")).toHaveLength(1);
  });
});

describe("a foundation in a network that is there", () => {
  const kops = { KubernetesCluster: "prod.example.com" };
  const other = { KubernetesCluster: "test.example.com" };
  const subnet = (id: string, zone: string, SubnetType: string, tags: object = kops, vpcId = "vpc-0a") => ({
    id,
    vpcId,
    zone,
    tags: { ...tags, SubnetType },
  });
  const world: World = {
    natGateways: {
      "nat-0a": { vpcId: "vpc-0a", publicIp: "198.51.100.7" },
      "nat-0b": { vpcId: "vpc-0a", publicIp: "" },
      "nat-0c": { vpcId: "vpc-0b", publicIp: "198.51.100.8" },
    },
    vpcs: [
      { id: "vpc-0a", tags: kops },
      { id: "vpc-0b", tags: other },
    ],
    subnets: [
      subnet("subnet-0b", "eu-west-1b", "Private"),
      subnet("subnet-0a", "eu-west-1a", "Private"),
      subnet("subnet-1a", "eu-west-1a", "Utility"),
      subnet("subnet-0c", "eu-west-1a", "Private", other, "vpc-0b"),
    ],
  };
  const found = { kind: "found", vpcId: "vpc-0a", privateSubnetIds: ["subnet-0a", "subnet-0b"] };

  it.each([
    { by: "ids", network: { ...found, publicSubnetIds: ["subnet-1a"] } },
    {
      by: "tags",
      network: {
        kind: "tagged",
        vpcTags: kops,
        privateSubnetTags: { SubnetType: "Private" },
        publicSubnetTags: { SubnetType: "Utility" },
      },
    },
    { by: "the name of kops's cluster", network: { kind: "kops", clusterName: "prod.example.com" } },
  ])("finds it by $by, changes nothing of it, and takes each subnet's zone from AWS", async ({ network }) => {
    const made = await run({ network }, world);
    expect(made.resources.filter(({ type }) => type.startsWith("aws:ec2/"))).toEqual([]);
    expect(parseFoundationOutputs(made.outputs)).toMatchObject({
      vpcId: "vpc-0a",
      vpcCidr: "172.20.0.0/16",
      privateSubnets: [
        { id: "subnet-0a", zone: "eu-west-1a" },
        { id: "subnet-0b", zone: "eu-west-1b" },
      ],
      publicSubnets: [{ id: "subnet-1a", zone: "eu-west-1a" }],
      egressIps: ["198.51.100.7"],
    });
  });

  it.each([
    { case: "no VPC", network: { kind: "kops", clusterName: "no.example.com" }, says: /network\.clusterName: no VPC/ },
    {
      case: "several VPCs",
      network: { kind: "tagged", vpcTags: { team: "a" }, privateSubnetTags: { SubnetType: "Private" } },
      in: { ...world, vpcs: ["vpc-0a", "vpc-0b"].map((id) => ({ id, tags: { team: "a" } })) },
      says: /network\.vpcTags: 2 VPCs/,
    },
    {
      case: "subnets in one zone",
      network: { kind: "kops", clusterName: "test.example.com" },
      says: /network\.clusterName: EKS needs .* are in eu-west-1a/,
    },
    {
      case: "no private subnets, as in kops's public topology",
      network: { kind: "kops", clusterName: "prod.example.com" },
      in: { ...world, subnets: [subnet("subnet-1a", "eu-west-1a", "Public")] },
      says: /are in none/,
    },
    {
      case: "a subnet of another VPC",
      network: { ...found, privateSubnetIds: ["subnet-0a", "subnet-0b", "subnet-0c"] },
      says: /network\.privateSubnetIds: subnet-0c isn't in vpc-0a/,
    },
  ])("is refused before anything is made where there is $case", async ({ network, in: among = world, says }) => {
    const made: Registered[] = [];
    await expect(run({ network }, { ...among, made })).rejects.toThrow(says);
    expect(made.filter(({ type }) => !type.startsWith("pulumi:"))).toEqual([]);
  });
});
