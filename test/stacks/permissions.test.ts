import { describe, expect, it, vi } from "vitest";
import { clusterNeeds, foundationNeeds, functionNeeds } from "../../src/aws/permissions/stack-needs.js";
import { clusterProgram, foundationProgram } from "../../stacks/program.js";
import { parseClusterSettings } from "../../stacks/settings/cluster-settings.js";
import { parseFoundationSettings } from "../../stacks/settings/foundation-settings.js";
import { type MockRun, runWithMocks } from "./mocks.js";
import { rawCluster, rawFoundation, rawGroup } from "./settings-fixtures.js";

// Loading Pulumi and AWS takes seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

/** Types of AWS's that a stack makes: components and Kubernetes' own are no calls to AWS. */
const typesOf = ({ resources }: MockRun) => [
  ...new Set(resources.map(({ type }) => type).filter((type) => type.startsWith("aws:"))),
];

describe("permissions of stacks", () => {
  it("know each type that a cluster stack makes, and no other", async () => {
    const everything = rawCluster({
      groups: [rawGroup({ subnets: "public" })],
      syslog: { group: "nodes", allowFrom: ["203.0.113.0/24"] },
      admittedBy: [{ securityGroupId: "sg-0db", direction: "out", ports: { from: 1, to: 1 } }],
      controllers: { velero: {}, "load-balancer-controller": {}, "external-dns": {} },
      identities: [
        {
          ...{ name: "shop", namespace: "shop", serviceAccount: "web", by: "irsa" },
          policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        },
      ],
    });
    const made = await runWithMocks(clusterProgram(parseClusterSettings(everything)));
    expect(typesOf(made).sort()).toEqual(Object.keys(clusterNeeds).sort());
  });

  it("know each type that a foundation stack makes, and no other", async () => {
    const settings = rawFoundation({ addresses: ["ingress"], hostedZones: [{ name: "example.com" }] });
    const made = await runWithMocks(foundationProgram(parseFoundationSettings(settings)));
    expect(typesOf(made).sort()).toEqual(Object.keys(foundationNeeds).sort());
  });

  it("know each look that the programs take", () => {
    expect(Object.keys(functionNeeds).sort()).toEqual(
      [
        ...["ec2/getNatGateway:getNatGateway", "ec2/getNatGateways:getNatGateways", "ec2/getSubnet:getSubnet"],
        ...["ec2/getSubnets:getSubnets", "ec2/getVpc:getVpc", "ec2/getVpcs:getVpcs", "route53/getZone:getZone"],
        "index/getCallerIdentity:getCallerIdentity",
      ]
        .map((token) => `aws:${token}`)
        .sort(),
    );
  });
});
