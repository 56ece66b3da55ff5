import type { KubeObject } from "../model/objects.js";
import type { Topology } from "../model/plan.js";
import type { Shape, ShapeGroup, ShapeNetwork } from "../model/shape.js";

/** What was seen of a live blue. */
export interface Live {
  name: string;
  topology: Topology;
  /** Nodes by the name of their group. */
  members: ReadonlyMap<string, readonly KubeObject[]>;
  /** Groups of which an instance has an Elastic IP. */
  addressGroups: readonly string[];
  /** Nothing where AWS wasn't asked. */
  network?: ShapeNetwork | undefined;
}

const typeLabels = ["node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type"];
const regionLabels = ["topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region"];

/** Labels by which EKS, Karpenter and kops say that an instance is a spot one. */
const spotLabels: readonly [string, string][] = [
  ["eks.amazonaws.com/capacityType", "SPOT"],
  ["karpenter.sh/capacity-type", "spot"],
  ["node-role.kubernetes.io/spot-worker", ""],
];

/** The shape that live nodes show. Sizes are those of now: what an autoscaler may do isn't seen from here. */
export function shapeOfNodes({ name, topology, members, addressGroups, network }: Live): Shape {
  const nodes = [...members.values()].flat();
  const [version] = valuesOf(nodes.map((node) => kubeletVersion(node)));
  const [region] = labelled(nodes, regionLabels);
  const masters = topology.groups.filter(({ role }) => role === "control-plane");
  return {
    name,
    ...(version && { version: version.replace(/^v/, "") }),
    ...(region && { region }),
    groups: topology.groups
      .filter(({ role }) => role === "worker")
      .map((group): ShapeGroup => {
        const own = members.get(group.name) ?? [];
        const count = Object.values(group.zones).reduce((sum, nodesThere) => sum + nodesThere, 0);
        return {
          name: group.name,
          zones: Object.keys(group.zones).filter((zone) => zone !== "unknown"),
          min: count,
          max: count,
          instanceTypes: labelled(own, typeLabels),
          spot: spotLabels.some(([key, value]) => own.some((node) => node.metadata.labels?.[key] === value)),
          labels: group.labels,
          taints: group.taints,
          ownsAddresses: addressGroups.includes(group.name),
        };
      }),
    network: network ?? { cidrs: [], subnets: [] },
    remarks:
      masters.length > 0
        ? [
            `No counterpart of the control plane (${masters.map((group) => group.name).join(", ")}): EKS runs it itself, over several zones.`,
          ]
        : [],
  };
}

/** A specification's shape, with what only live nodes and AWS show: how many there are now, addresses, ids of the network. */
export function withLive(specified: Shape, live: Shape): Shape {
  const gone = specified.groups.filter(({ name }) => !live.groups.some((group) => group.name === name));
  const unspecified = live.groups.filter(({ name }) => !specified.groups.some((group) => group.name === name));
  return {
    ...specified,
    groups: [
      ...specified.groups.map((group) => {
        const seen = live.groups.find(({ name }) => name === group.name);
        return seen ? { ...group, desired: seen.min, ownsAddresses: seen.ownsAddresses } : group;
      }),
      ...unspecified,
    ],
    network: {
      ...specified.network,
      ...(live.network.vpcId ? { ...live.network, cidrs: [...specified.network.cidrs, ...live.network.cidrs] } : {}),
    },
    remarks: [
      ...specified.remarks,
      ...gone.map(({ name }) => `${name} is specified, but has no nodes now.`),
      ...unspecified.map(({ name }) => `${name} has nodes, but no specification: it is drawn after its nodes.`),
    ],
  };
}

function kubeletVersion(node: KubeObject): string | undefined {
  return (node.status as { nodeInfo?: { kubeletVersion?: string } } | undefined)?.nodeInfo?.kubeletVersion;
}

/** Values of a label, under the first of its names that a node has; the most frequent first. */
function labelled(nodes: readonly KubeObject[], keys: readonly string[]): string[] {
  return valuesOf(nodes.map(({ metadata: { labels = {} } }) => keys.map((key) => labels[key]).find(Boolean)));
}

function valuesOf(values: readonly (string | undefined)[]): string[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one).map(([value]) => value);
}
