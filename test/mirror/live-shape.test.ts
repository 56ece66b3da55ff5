import { describe, expect, it } from "vitest";
import { shapeOfNodes, withLive } from "../../src/mirror/live-shape.js";
import type { KubeObject } from "../../src/model/objects.js";
import { groupOfNode, topologyOf } from "../../src/plan/topology.js";

const node = (name: string, group: string, zone: string, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: {
    name,
    labels: {
      "kops.k8s.io/instancegroup": group,
      "failure-domain.beta.kubernetes.io/zone": zone,
      "failure-domain.beta.kubernetes.io/region": "eu-west-1",
      "beta.kubernetes.io/instance-type": "m5.large",
      ...labels,
    },
  },
  status: { nodeInfo: { kubeletVersion: "v1.10.13" } },
});

function shape(nodes: KubeObject[], more: object = {}) {
  const members = new Map<string, KubeObject[]>();
  for (const each of nodes) members.set(groupOfNode(each), [...(members.get(groupOfNode(each)) ?? []), each]);
  return shapeOfNodes({ name: "blue", topology: topologyOf(nodes), members, addressGroups: [], ...more });
}

describe("the shape that live nodes show", () => {
  const nodes = [
    node("m", "master", "eu-west-1a", { "node-role.kubernetes.io/master": "" }),
    node("a", "nodes", "eu-west-1a", { tier: "app" }),
    node("b", "nodes", "eu-west-1b", { tier: "app", "node.kubernetes.io/instance-type": "m5a.large" }),
    node("c", "nodes", "eu-west-1b", { tier: "app" }),
    node("s", "syslog", "eu-west-1a"),
  ];

  it("has the workers' groups, with their sizes of now", () => {
    expect(shape(nodes, { addressGroups: ["syslog"] })).toMatchObject({
      name: "blue",
      version: "1.10.13",
      region: "eu-west-1",
      groups: [
        {
          name: "nodes",
          zones: ["eu-west-1a", "eu-west-1b"],
          min: 3,
          max: 3,
          instanceTypes: ["m5.large", "m5a.large"],
          labels: { tier: "app" },
          ownsAddresses: false,
        },
        { name: "syslog", min: 1, max: 1, ownsAddresses: true },
      ],
      network: { cidrs: [], subnets: [] },
      remarks: [expect.stringContaining("control plane (master)")],
    });
  });

  it.each([
    ["eks.amazonaws.com/capacityType", "SPOT"],
    ["karpenter.sh/capacity-type", "spot"],
    ["node-role.kubernetes.io/spot-worker", ""],
  ])("tells spot by %s", (label, value) => {
    expect(shape([node("a", "nodes", "eu-west-1a", { [label]: value })]).groups[0]?.spot).toBe(true);
    expect(shape([node("a", "nodes", "eu-west-1a", { [label]: "other" })]).groups[0]?.spot).toBe(false);
  });

  it("knows no zone where nodes say none", () => {
    const bare = { ...node("a", "nodes", ""), metadata: { name: "a", labels: {} } };
    expect(shape([bare])).toMatchObject({ groups: [{ zones: [], instanceTypes: [] }] });
    expect(shape([bare])).not.toHaveProperty("region");
  });

  it("takes the nodes of a cluster of our own stacks by their group, not by its part in a zone", () => {
    const ours = { "clustershift.io/group": "nodes", "eks.amazonaws.com/nodegroup": "nodes-eu-west-1a" };
    const eks = ["eu-west-1a", "eu-west-1b"].map((zone) => ({
      ...node(zone, "", zone, { ...ours, "eks.amazonaws.com/nodegroup": `nodes-${zone}` }),
    }));
    expect(shape(eks).groups).toMatchObject([{ name: "nodes", min: 2, zones: ["eu-west-1a", "eu-west-1b"] }]);
  });

  it("adds to a specification what only live nodes and AWS show, and tells where they differ", () => {
    const specified = { ...shape(nodes), network: { cidrs: ["172.20.0.0/16"], subnets: [] }, remarks: ["said"] };
    const [first] = specified.groups;
    const spec = {
      ...specified,
      groups: first
        ? [
            { ...first, min: 1, max: 9 },
            { ...first, name: "idle" },
          ]
        : [],
    };
    const network = { vpcId: "vpc-1", cidrs: ["10.0.0.0/16"], subnets: [] };
    expect(withLive(spec, shape(nodes, { addressGroups: ["nodes"], network }))).toMatchObject({
      groups: [
        { name: "nodes", min: 1, max: 9, desired: 3, ownsAddresses: true },
        { name: "idle" },
        { name: "syslog", min: 1 },
      ],
      network: { vpcId: "vpc-1", cidrs: ["172.20.0.0/16", "10.0.0.0/16"] },
      remarks: [
        "said",
        "idle is specified, but has no nodes now.",
        "syslog has nodes, but no specification: it is drawn after its nodes.",
      ],
    });
  });
});
