import { beforeAll, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { parseClusterOutputs } from "../../stacks/outputs.js";
import { clusterProgram } from "../../stacks/program.js";
import { parseClusterSettings } from "../../stacks/settings/cluster-settings.js";
import { type MockRun, type Registered, runWithMocks, type World } from "./mocks.js";
import { foundationOutputs, rawCluster, rawGroup } from "./settings-fixtures.js";

// Loading Pulumi and AWS takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const run = (change: object = {}, world: World = {}) =>
  runWithMocks(clusterProgram(parseClusterSettings(rawCluster(change))), world);

describe("a cluster", () => {
  let made: MockRun;
  beforeAll(async () => {
    made = await run({
      tags: { team: "platform" },
      access: [
        { name: "platform", principalArn: "arn:aws:iam::123456789012:role/platform", policy: "cluster-admin" },
        { name: "shop", principalArn: "arn:aws:iam::123456789012:role/shop", policy: "edit", namespaces: ["shop"] },
      ],
      groups: [
        rawGroup({ min: 4, max: 7, volumes: true, labels: { tier: "general" }, rootVolumeGiB: 80 }),
        rawGroup({
          name: "syslog",
          subnets: "public",
          zones: ["eu-west-1a", "eu-west-1b"],
          capacity: "spot",
          architecture: "arm64",
          instanceTypes: ["c7g.large", "c6g.large"],
          taints: [
            { key: "dedicated", value: "syslog", effect: "NoSchedule" },
            { key: "calm", effect: "PreferNoSchedule" },
            { key: "gone", effect: "NoExecute" },
          ],
        }),
      ],
      syslog: { group: "syslog", allowFrom: ["203.0.113.0/24", "192.0.2.0/24"] },
      addresses: { logs: "syslog-a" },
      addOns: { coredns: "v1.12.4-eksbuild.1" },
    });
  });

  it("has the version asked for, a private endpoint, encrypted secrets and all its logs", () => {
    const { inputs } = made.one("eks/cluster:Cluster");
    expect(inputs).toMatchObject({
      name: "prod-1-35",
      version: "1.35",
      vpcConfig: {
        endpointPrivateAccess: true,
        endpointPublicAccess: false,
        subnetIds: foundationOutputs.privateSubnets.map(({ id }) => id),
      },
      encryptionConfig: { provider: { keyArn: foundationOutputs.keyArn }, resources: ["secrets"] },
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
      bootstrapSelfManagedAddons: false,
      upgradePolicy: { supportType: "EXTENDED" },
    });
    expect(inputs.vpcConfig).not.toHaveProperty("publicAccessCidrs");
    expect(made.one(":LogGroup").inputs).toEqual({
      name: "/aws/eks/prod-1-35/cluster",
      retentionInDays: 90,
      kmsKeyId: foundationOutputs.keyArn,
    });
  });

  it("lets in whom the settings name, and as far", () => {
    expect(made.ofType(":AccessPolicyAssociation").map(({ inputs }) => [inputs.policyArn, inputs.accessScope])).toEqual(
      [
        ["arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy", { type: "cluster" }],
        ["arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy", { type: "namespace", namespaces: ["shop"] }],
      ],
    );
  });

  it("makes one node group a zone where asked, sharing its sizes out", () => {
    const parts = made
      .ofType(":NodeGroup")
      .filter(({ type, name }) => type.startsWith("aws:") && name.startsWith("nodes"));
    expect(parts.map(({ name, inputs }) => [name, inputs.subnetIds, inputs.scalingConfig])).toEqual([
      ["nodes-eu-west-1a", ["subnet-private-eu-west-1a"], { minSize: 2, maxSize: 3, desiredSize: 2 }],
      ["nodes-eu-west-1b", ["subnet-private-eu-west-1b"], { minSize: 1, maxSize: 2, desiredSize: 1 }],
      ["nodes-eu-west-1c", ["subnet-private-eu-west-1c"], { minSize: 1, maxSize: 2, desiredSize: 1 }],
    ]);
    expect(parts.map(({ ignoreChanges }) => ignoreChanges)).toEqual(parts.map(() => ["scalingConfig.desiredSize"]));
    expect(parts[0]?.inputs).toMatchObject({
      version: "1.35",
      amiType: "AL2023_x86_64_STANDARD",
      capacityType: "ON_DEMAND",
      labels: { tier: "general", "clustershift.io/group": "nodes" },
    });
  });

  it("gives the other group its zones' public subnets, spot instances, and taints as EKS spells them", () => {
    expect(made.one("aws:eks/nodeGroup:NodeGroup", "syslog").inputs).toMatchObject({
      subnetIds: ["subnet-public-eu-west-1a", "subnet-public-eu-west-1b"],
      capacityType: "SPOT",
      amiType: "AL2023_ARM_64_STANDARD",
      instanceTypes: ["c7g.large", "c6g.large"],
      taints: [
        { key: "dedicated", value: "syslog", effect: "NO_SCHEDULE" },
        { key: "calm", effect: "PREFER_NO_SCHEDULE" },
        { key: "gone", effect: "NO_EXECUTE" },
      ],
    });
  });

  it("starts nodes with IMDSv2, an encrypted volume and tags on all that they bring", () => {
    const template = made.one(":LaunchTemplate", "prod-1-35-nodes").inputs;
    expect(template).toMatchObject({
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        { ebs: { encrypted: "true", kmsKeyId: foundationOutputs.keyArn, volumeSize: 80, volumeType: "gp3" } },
      ],
    });
    expect(template.tagSpecifications).toEqual(
      ["instance", "volume", "network-interface"].map((resourceType) => ({
        resourceType,
        tags: {
          team: "platform",
          "managed-by": "clustershift",
          "clustershift:cluster": "prod-1-35",
          "clustershift:group": "nodes",
          Name: "prod-1-35-nodes",
        },
      })),
    );
  });

  it("opens port 514 of UDP and TCP to the senders named, on the syslog group alone", () => {
    const rules = made.ofType(":SecurityGroupIngressRule").map(({ inputs }) => inputs);
    expect(rules.map((rule) => [rule.ipProtocol, rule.fromPort, rule.toPort, rule.cidrIpv4])).toEqual([
      ["udp", 514, 514, "203.0.113.0/24"],
      ["udp", 514, 514, "192.0.2.0/24"],
      ["tcp", 514, 514, "203.0.113.0/24"],
      ["tcp", 514, 514, "192.0.2.0/24"],
    ]);
    const groupsOf = (name: string) => made.one(":LaunchTemplate", name).inputs.vpcSecurityGroupIds;
    expect(groupsOf("prod-1-35-syslog")).toEqual(["sg-cluster", "prod-1-35-syslog-id"]);
    expect(groupsOf("prod-1-35-nodes")).toEqual(["sg-cluster"]);
  });

  it("is let in where its settings say so, each time by a rule of its own in the other's group", async () => {
    const ports = (from: number, to = from) => ({ from, to });
    const made = await run({
      admittedBy: [
        { securityGroupId: "sg-0db", ports: ports(5432) },
        { securityGroupId: "sg-0db", protocol: "icmp" },
        { securityGroupId: "sg-0f0", direction: "out", ports: ports(30000, 32767) },
        { securityGroupId: "sg-0f1", protocol: "all" },
      ],
      nodeSecurityGroupIds: ["sg-0ff"],
    });
    const rules = made.resources.filter(({ type }) => /:SecurityGroup(In|E)gressRule$/.test(type));
    const description = "Cluster prod-1-35, by clustershift";
    const named = { referencedSecurityGroupId: "sg-cluster", description };
    rules.sort((one, other) => one.name.localeCompare(other.name));
    expect(rules.map(({ name, inputs }) => [name, inputs])).toEqual([
      [
        "prod-1-35-sg-0db-in-icmp",
        { ...named, securityGroupId: "sg-0db", ipProtocol: "icmp", fromPort: -1, toPort: -1 },
      ],
      [
        "prod-1-35-sg-0db-in-tcp-5432",
        { ...named, securityGroupId: "sg-0db", ipProtocol: "tcp", fromPort: 5432, toPort: 5432 },
      ],
      [
        "prod-1-35-sg-0f0-out-tcp-30000-32767",
        { ...named, securityGroupId: "sg-0f0", ipProtocol: "tcp", fromPort: 30000, toPort: 32767 },
      ],
      ["prod-1-35-sg-0f1-in-all", { ...named, securityGroupId: "sg-0f1", ipProtocol: "-1" }],
    ]);
    expect(rules.map(({ type }) => type.split(":").at(-1))).toEqual([
      "SecurityGroupIngressRule",
      "SecurityGroupIngressRule",
      "SecurityGroupEgressRule",
      "SecurityGroupIngressRule",
    ]);
    // The rules are what the stack has of them: the groups themselves are no resources of its.
    expect(made.ofType(":SecurityGroup")).toEqual([]);
    expect(made.one(":LaunchTemplate", "prod-1-35-nodes").inputs.vpcSecurityGroupIds).toEqual(["sg-cluster", "sg-0ff"]);
  });

  it("puts in the managed add-ons, with roles of their own", () => {
    const addOns = made.ofType(":Addon").map(({ inputs }) => inputs);
    const told = addOns.map((addOn) => [addOn.addonName, addOn.addonVersion, addOn.podIdentityAssociations]);
    const byName = ([a]: unknown[], [b]: unknown[]) => String(a).localeCompare(String(b));
    const wanted = [
      ["eks-pod-identity-agent", undefined, undefined],
      [
        "vpc-cni",
        undefined,
        [{ serviceAccount: "aws-node", roleArn: "arn:aws:mock::123456789012:Role/prod-1-35-vpc-cni" }],
      ],
      ["kube-proxy", undefined, undefined],
      ["coredns", "v1.12.4-eksbuild.1", undefined],
      ["metrics-server", undefined, undefined],
      ["snapshot-controller", undefined, undefined],
      [
        "aws-ebs-csi-driver",
        undefined,
        [{ serviceAccount: "ebs-csi-controller-sa", roleArn: "arn:aws:mock::123456789012:Role/prod-1-35-ebs-csi" }],
      ],
    ];
    expect(told.sort(byName)).toEqual(wanted.sort(byName));
  });

  it("waits with nodes for their network, and with DNS for nodes", () => {
    const waits = (name: string) => made.one(":Addon", name).dependsOn.join();
    expect(made.one("aws:eks/nodeGroup:NodeGroup", "syslog").dependsOn.join()).toMatch(/prod-1-35-vpc-cni/);
    expect(waits("prod-1-35-after-coredns")).toMatch(/::syslog(,|$)/);
    expect(waits("prod-1-35-vpc-cni")).not.toMatch(/nodeGroup/);
  });

  it("gives each role what its job needs and no more", () => {
    const attached = made.ofType(":RolePolicyAttachment").map(({ inputs }) => [inputs.role, inputs.policyArn]);
    expect(attached.sort()).toEqual(
      [
        ["prod-1-35-control-plane", "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"],
        ["prod-1-35-ebs-csi", "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"],
        ["prod-1-35-node", "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"],
        ["prod-1-35-node", "arn:aws:iam::aws:policy/AmazonEKSWorkerNodeMinimalPolicy"],
        ["prod-1-35-vpc-cni", "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"],
      ].sort(),
    );
    for (const { inputs } of made.ofType(":RolePolicy")) {
      const { Statement } = JSON.parse(String(inputs.policy));
      expect(Statement.map((statement: { Resource: string }) => statement.Resource)).toEqual(
        Statement.map(() => foundationOutputs.keyArn),
      );
    }
    expect(made.one(":Role", "prod-1-35-vpc-cni").inputs.assumeRolePolicy).toContain("pods.eks.amazonaws.com");
  });

  it("holds nothing that another cluster could need: all of it is its own, and none of it protected", () => {
    expect(made.resources.filter(({ protect }) => protect)).toEqual([]);
    expect(made.ofType(":Eip").concat(made.ofType(":Vpc"), made.ofType(":Bucket"), made.ofType(":Key"))).toEqual([]);
    const foreign = made.resources.filter(
      ({ type, provider }) => type.startsWith("aws:") && !provider.includes("::aws::"),
    );
    expect(foreign.map(({ name }) => name)).toEqual([]);
  });

  it("says what clustershift reads of it, with a kubeconfig that holds no secret", () => {
    const outputs = parseClusterOutputs(made.outputs);
    expect(outputs).toMatchObject({
      context: "prod-1-35",
      version: "1.35",
      groups: [
        { name: "nodes", zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] },
        { name: "syslog", zones: ["eu-west-1a", "eu-west-1b"] },
      ],
      addresses: { logs: "198.51.100.1" },
    });
    const config = parse(outputs.kubeconfig);
    expect(config.clusters[0].cluster).toEqual({
      server: "https://prod-1-35.eks.example",
      "certificate-authority-data": "Q0E=",
    });
    expect(config.users[0].user).toEqual({
      exec: expect.objectContaining({
        command: "aws",
        args: ["eks", "get-token", "--cluster-name", "prod-1-35", "--region", "eu-west-1", "--output", "json"],
      }),
    });
  });
});

describe("choices", () => {
  it("a public endpoint is open to the ranges named", async () => {
    const made = await run({ endpoint: { public: true, publicCidrs: ["203.0.113.0/24"] } });
    expect(made.one("eks/cluster:Cluster").inputs.vpcConfig).toMatchObject({
      endpointPrivateAccess: true,
      endpointPublicAccess: true,
      publicAccessCidrs: ["203.0.113.0/24"],
    });
  });

  it("ARNs are of the region's partition", async () => {
    const inGov = (text: string) => text.replace("eu-west-1", "us-gov-west-1");
    const subnets = (of: typeof foundationOutputs.privateSubnets) =>
      of.map(({ id, zone }) => ({ id, zone: inGov(zone) }));
    const { privateSubnets, publicSubnets } = foundationOutputs;
    const made = await run({
      region: "us-gov-west-1",
      foundation: {
        ...foundationOutputs,
        privateSubnets: subnets(privateSubnets),
        publicSubnets: subnets(publicSubnets),
      },
      access: [
        { name: "platform", principalArn: "arn:aws-us-gov:iam::123456789012:role/platform", policy: "cluster-admin" },
      ],
    });
    expect(made.ofType(":RolePolicyAttachment").map(({ inputs }) => String(inputs.policyArn).split(":")[1])).toEqual(
      made.ofType(":RolePolicyAttachment").map(() => "aws-us-gov"),
    );
  });

  it("without syslog no security group is made", async () => {
    expect((await run()).ofType(":SecurityGroup")).toEqual([]);
  });
});

describe("the foundation that a cluster stands on", () => {
  const foundation = "organization/clustershift/prod-foundation";

  it("is found by its stack's name", async () => {
    const made = await run({ foundation }, { stacks: { [foundation]: { ...foundationOutputs } } });
    expect(made.one("aws:eks/nodeGroup:NodeGroup").inputs.subnetIds).toEqual(
      foundationOutputs.privateSubnets.map(({ id }) => id),
    );
  });

  const { keyArn: _, ...withoutKey } = foundationOutputs;
  it.each([
    { case: "isn't up", change: { foundation }, stacks: {}, says: /prod-foundation has no outputs/ },
    { case: "lacks an output", change: { foundation }, stacks: { [foundation]: withoutKey }, says: /keyArn/ },
    {
      case: "lacks a zone",
      change: { groups: [rawGroup({ zones: ["eu-west-1a", "eu-west-1d"] })] },
      stacks: {},
      says: /groups \(nodes\)\.zones: the foundation has no private subnet in eu-west-1d/,
    },
    {
      case: "lacks an address",
      change: { addresses: { logs: "other" } },
      stacks: {},
      says: /addresses\.logs: .* other/,
    },
  ])("is refused before anything is made where it $case", async ({ change, stacks, says }) => {
    const made: Registered[] = [];
    await expect(run(change, { stacks, made })).rejects.toThrow(says);
    expect(made.filter(({ type }) => type !== "pulumi:pulumi:StackReference")).toEqual([]);
  });
});
