import type { KubeObject } from "../../model/objects.js";
import { type ClusterCheck, unless } from "../check.js";

export const nodesInPlace: ClusterCheck = {
  name: "nodes of each group in each zone",
  check({ nodes }, { groups }) {
    const ready = new Set(nodes.filter(({ node }) => isReady(node)).map(placeKey));
    const missing = groups.flatMap(({ name, zones }) =>
      zones
        .filter((zone) => !ready.has(placeKey({ group: name, zone })))
        .map((zone) => `no node of ${name} is Ready in ${zone}`),
    );
    const notReady = nodes
      .filter(({ node }) => !isReady(node))
      .map(({ node }) => `node ${node.metadata.name} is not Ready`);
    return unless([...missing, ...notReady], `${nodes.length} nodes are Ready, of every group in every zone`);
  },
};

/** What a node says of itself when it is in trouble, though it may still be Ready. */
const troubles: Record<string, string> = {
  MemoryPressure: "is short of memory",
  DiskPressure: "is short of disk",
  PIDPressure: "is short of process ids",
  NetworkUnavailable: "has no network",
};

/** Taints that a node only has until something has seen to it. */
const startupTaints = ["node.cloudprovider.kubernetes.io/uninitialized", "node.kubernetes.io/network-unavailable"];

export const nodesAtEase: ClusterCheck = {
  name: "nodes without pressure",
  check({ nodes }) {
    const problems = nodes.flatMap(({ node }) => {
      const { unschedulable, taints = [] } = (node.spec ?? {}) as {
        unschedulable?: boolean;
        taints?: { key: string }[];
      };
      const pressed = conditionsOf(node).filter(({ type, status }) => status === "True" && type in troubles);
      const tainted = taints.filter(({ key }) => startupTaints.includes(key));
      return [
        ...pressed.map(({ type }) => `node ${node.metadata.name} ${troubles[type]}`),
        ...(unschedulable ? [`node ${node.metadata.name} is cordoned`] : []),
        ...tainted.map(({ key }) => `node ${node.metadata.name} is still tainted ${key}`),
      ];
    });
    return unless(problems, `${nodes.length} nodes take pods, and none is short of anything`);
  },
};

export function isReady(node: KubeObject): boolean {
  return conditionsOf(node).some(({ type, status }) => type === "Ready" && status === "True");
}

function conditionsOf({ status }: KubeObject): { type: string; status: string }[] {
  return (status as { conditions?: { type: string; status: string }[] } | undefined)?.conditions ?? [];
}

function placeKey({ group, zone }: { group: string; zone: string }): string {
  return `${group} ${zone}`;
}
