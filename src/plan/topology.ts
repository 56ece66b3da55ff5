import { compareText } from "../model/canonical.js";
import type { KubeObject } from "../model/objects.js";
import type { NodeGroup, Topology } from "../model/plan.js";

/** Labels that name a node's group, the first that a node has counts: the stacks of clustershift, kops, EKS, GKE, AKS, Karpenter. */
const groupLabels = [
  "clustershift.io/group",
  "kops.k8s.io/instancegroup",
  "eks.amazonaws.com/nodegroup",
  "cloud.google.com/gke-nodepool",
  "kubernetes.azure.com/agentpool",
  "karpenter.sh/nodepool",
];

const zoneLabels = ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"];

const controlPlaneLabels = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];

/** Labels that differ from node to node, or that the cluster sets by itself: no part of a group's shape. */
const ownLabels =
  /^(kubernetes\.io\/hostname|(beta\.)?kubernetes\.io\/(os|arch)|.*\/(zone|region)|.*instance-type|node-role\..*|kubernetes\.io\/role)$/;

/** The shape of a cluster as its own nodes show it. Nodes of no known group are gathered under their role's name. */
export function topologyOf(nodes: readonly KubeObject[]): Topology {
  const groups = new Map<string, { group: NodeGroup; members: KubeObject[] }>();
  const zones = new Set<string>();
  for (const node of nodes) {
    const role = roleOfNode(node);
    const name = groupOfNode(node);
    const zone = zoneOfNode(node);
    zones.add(zone);
    const entry = groups.get(name) ?? { group: { name, role, zones: {}, labels: {}, taints: [] }, members: [] };
    entry.group.zones[zone] = (entry.group.zones[zone] ?? 0) + 1;
    entry.members.push(node);
    groups.set(name, entry);
  }
  return {
    zones: [...zones].sort(),
    groups: [...groups.values()]
      .map(({ group, members }) => ({
        ...group,
        zones: sorted(group.zones),
        labels: sharedLabels(members),
        taints: sharedTaints(members),
      }))
      .sort((a, b) => compareText(a.name, b.name)),
  };
}

function roleOfNode({ metadata: { labels = {} } }: KubeObject): NodeGroup["role"] {
  return controlPlaneLabels.some((label) => label in labels) ? "control-plane" : "worker";
}

export function groupOfNode(node: KubeObject): string {
  const named = first(node.metadata.labels ?? {}, groupLabels);
  return named ?? (roleOfNode(node) === "control-plane" ? "control-plane" : "nodes");
}

export function zoneOfNode({ metadata: { labels = {} } }: KubeObject): string {
  return first(labels, zoneLabels) ?? "unknown";
}

/** `nodes 6 (eu-central-1a 2, …)`: a group in people's words. */
export function describeGroup({ name, zones }: NodeGroup): string {
  const total = Object.values(zones).reduce((sum, count) => sum + count, 0);
  return `${name} ${total} (${Object.entries(zones)
    .map(([zone, count]) => `${zone} ${count}`)
    .join(", ")})`;
}

function first(labels: Record<string, string>, keys: string[]): string | undefined {
  return keys.map((key) => labels[key]).find((value) => value !== undefined && value !== "");
}

function sorted<Value>(record: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => compareText(a, b)));
}

function sharedLabels(members: KubeObject[]): Record<string, string> {
  const [model, ...others] = members.map((node) => node.metadata.labels ?? {});
  return sorted(
    Object.fromEntries(
      Object.entries(model ?? {}).filter(
        ([key, value]) => !ownLabels.test(key) && others.every((labels) => labels[key] === value),
      ),
    ),
  );
}

/** Taints that the cluster itself sets come and go with a node's health: they are no part of a group's shape. */
function sharedTaints(members: KubeObject[]): NodeGroup["taints"] {
  const [model, ...others] = members.map((node) => {
    const taints = (node.spec as { taints?: NodeGroup["taints"] } | undefined)?.taints ?? [];
    return taints.filter(
      ({ key }) => !key.startsWith("node.kubernetes.io/") && !key.startsWith("node.cloudprovider.kubernetes.io/"),
    );
  });
  const same = (a: NodeGroup["taints"][number], b: NodeGroup["taints"][number]): boolean =>
    a.key === b.key && a.effect === b.effect && (a.value ?? "") === (b.value ?? "");
  return (model ?? [])
    .filter((taint) => others.every((taints) => taints.some((other) => same(taint, other))))
    .map(({ key, value, effect }) => ({ key, effect, ...(value !== undefined && { value }) }));
}
