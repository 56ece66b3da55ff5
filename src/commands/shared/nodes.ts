import type { KubeReader } from "../../kube/api.js";
import { listAll } from "../../kube/list-all.js";
import type { KubeObject } from "../../model/objects.js";
import { groupOfNode, zoneOfNode } from "../../plan/topology.js";
import type { GroupNode } from "../../smoke/context.js";
import type { NodeInstance } from "../../traffic/targets/elastic-ip/resolve.js";

export async function listNodes(kube: Pick<KubeReader, "discover" | "pages">): Promise<KubeObject[]> {
  const { resources } = await kube.discover();
  const resource = resources.find(({ group, kind }) => group === "" && kind === "Node");
  return resource ? listAll(kube, resource) : [];
}

/** Nodes that run on instances of EC2: their provider id ends with the instance's. */
export function nodeInstances(nodes: readonly KubeObject[]): NodeInstance[] {
  return nodes.flatMap((node) => {
    const instanceId = /\/(i-[0-9a-f]+)$/.exec(
      String((node.spec as { providerID?: string } | undefined)?.providerID),
    )?.[1];
    return instanceId
      ? [{ node: node.metadata.name, group: groupOfNode(node), zone: zoneOfNode(node), instanceId }]
      : [];
  });
}

interface Address {
  type: string;
  address: string;
}

/** Nodes by group, each with the address by which it is reached: from outside where it has one. */
export function groupNodes(nodes: readonly KubeObject[]): Record<string, GroupNode[]> {
  const groups: Record<string, GroupNode[]> = {};
  for (const node of nodes) {
    const addresses = (node.status as { addresses?: Address[] } | undefined)?.addresses ?? [];
    const best = ["ExternalIP", "InternalIP"].map((type) => addresses.find((each) => each.type === type)).find(Boolean);
    if (!best) continue;
    const group = groupOfNode(node);
    groups[group] = [
      ...(groups[group] ?? []),
      { name: node.metadata.name, zone: zoneOfNode(node), address: best.address },
    ];
  }
  return groups;
}
