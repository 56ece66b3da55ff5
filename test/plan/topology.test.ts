import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../src/model/objects.js";
import { describeGroup, topologyOf } from "../../src/plan/topology.js";

type Taint = { key: string; value?: string; effect: string };
let serial = 0;

function node(labels: Record<string, string> | undefined, taints?: Taint[]): KubeObject {
  const name = `node-${++serial}`;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, ...(labels && { labels: { "kubernetes.io/hostname": name, ...labels } }) },
    ...(taints && { spec: { taints } }),
  };
}

const kops = (group: string, role: "master" | "node", zone: string, more: Record<string, string> = {}) =>
  node({
    "kops.k8s.io/instancegroup": group,
    [`node-role.kubernetes.io/${role}`]: "",
    "kubernetes.io/role": role,
    "failure-domain.beta.kubernetes.io/zone": zone,
    "failure-domain.beta.kubernetes.io/region": "eu-central-1",
    "beta.kubernetes.io/instance-type": "m5.large",
    ...more,
  });
const eks = (group: string, zone: string) =>
  node({
    "eks.amazonaws.com/nodegroup": group,
    "topology.kubernetes.io/zone": zone,
    "topology.kubernetes.io/region": "eu-central-1",
    "node.kubernetes.io/instance-type": "m5.large",
    "kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64",
  });

describe("topologyOf", () => {
  it("sees the incident's production: kops's groups over three zones", () => {
    const zones = ["eu-central-1c", "eu-central-1a", "eu-central-1b"];
    const nodes = zones.flatMap((zone) => [
      kops(`master-${zone}`, "master", zone),
      kops("nodes", "node", zone),
      kops("nodes", "node", zone),
      kops("syslog", "node", zone, { "acme.example/role": "syslog" }),
    ]);
    const topology = topologyOf(nodes);
    expect(topology.zones).toEqual(["eu-central-1a", "eu-central-1b", "eu-central-1c"]);
    expect(topology.groups.map(({ name, role, zones: counts }) => [name, role, counts])).toEqual([
      ["master-eu-central-1a", "control-plane", { "eu-central-1a": 1 }],
      ["master-eu-central-1b", "control-plane", { "eu-central-1b": 1 }],
      ["master-eu-central-1c", "control-plane", { "eu-central-1c": 1 }],
      ["nodes", "worker", { "eu-central-1a": 2, "eu-central-1b": 2, "eu-central-1c": 2 }],
      ["syslog", "worker", { "eu-central-1a": 1, "eu-central-1b": 1, "eu-central-1c": 1 }],
    ]);
    expect(topology.groups[4]?.labels).toEqual({
      "acme.example/role": "syslog",
      "kops.k8s.io/instancegroup": "syslog",
    });
  });

  it.each<[string, KubeObject[], unknown[]]>([
    ["EKS, where no control plane is seen", [eks("main", "a"), eks("main", "b")], [["main", "worker", { a: 1, b: 1 }]]],
    ["GKE's node pools", [node({ "cloud.google.com/gke-nodepool": "pool-1" })], [["pool-1", "worker", { unknown: 1 }]]],
    ["AKS's agent pools", [node({ "kubernetes.azure.com/agentpool": "ap" })], [["ap", "worker", { unknown: 1 }]]],
    ["Karpenter's pools", [node({ "karpenter.sh/nodepool": "spot" })], [["spot", "worker", { unknown: 1 }]]],
    ["nodes without labels", [node(undefined), node({})], [["nodes", "worker", { unknown: 2 }]]],
    [
      "an unlabelled control plane of today",
      [node({ "node-role.kubernetes.io/control-plane": "" })],
      [["control-plane", "control-plane", { unknown: 1 }]],
    ],
    [
      "one of long ago",
      [node({ "node-role.kubernetes.io/master": "true" })],
      [["control-plane", "control-plane", { unknown: 1 }]],
    ],
    [
      "a group's label that is empty",
      [node({ "kops.k8s.io/instancegroup": "", "eks.amazonaws.com/nodegroup": "ng" })],
      [["ng", "worker", { unknown: 1 }]],
    ],
    [
      "the new zone label before the old",
      [node({ "topology.kubernetes.io/zone": "new", "failure-domain.beta.kubernetes.io/zone": "old" })],
      [["nodes", "worker", { new: 1 }]],
    ],
    ["no nodes", [], []],
  ])("sees %s", (_, nodes, groups) => {
    expect(topologyOf(nodes).groups.map(({ name, role, zones }) => [name, role, zones])).toEqual(groups);
  });

  it("keeps labels and taints that all nodes of a group share, without what the cluster sets by itself", () => {
    const shared = { key: "dedicated", value: "syslog", effect: "NoSchedule" };
    const sick = { key: "node.kubernetes.io/not-ready", effect: "NoExecute" };
    const [group] = topologyOf([
      node({ team: "logging", disk: "ssd", "kubernetes.io/os": "linux" }, [
        shared,
        sick,
        { key: "one", effect: "NoSchedule" },
      ]),
      node({ team: "logging", disk: "hdd", "kubernetes.io/os": "linux" }, [
        { effect: "NoSchedule", key: "dedicated", value: "syslog" },
      ]),
    ]).groups;
    expect(group?.labels).toEqual({ team: "logging" });
    expect(group?.taints).toEqual([shared]);
  });

  it("is the same however the nodes were listed, and whatever the machine's language sorts first", () => {
    const nodes = ["ö", "z", "a", "Z"].map((group) => kops(group, "node", `zone-${group}`));
    expect(topologyOf(nodes.toReversed())).toEqual(topologyOf(nodes));
    expect(topologyOf(nodes).groups.map(({ name }) => name)).toEqual(["Z", "a", "z", "ö"]);
  });

  it("is described in people's words", () => {
    const [group] = topologyOf([eks("nodes", "b"), eks("nodes", "a"), eks("nodes", "b")]).groups;
    expect(group && describeGroup(group)).toBe("nodes 3 (a 1, b 2)");
  });
});
