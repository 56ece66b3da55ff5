import type { KubeObject } from "../../model/objects.js";
import type { ClusterView } from "./cluster-view.js";

/** One cluster among those whose nodes may be behind an address. */
export interface NamedView {
  cluster: string;
  view: ClusterView;
}

export type Protocol = "UDP" | "TCP";

interface Node extends KubeObject {
  spec?: { providerID?: string };
}

interface Pod extends KubeObject {
  spec?: {
    nodeName?: string;
    hostNetwork?: boolean;
    containers?: { ports?: { hostPort?: number; containerPort?: number; protocol?: string }[] }[];
  };
  status?: { conditions?: { type: string; status: string }[] };
}

/** The node of an instance which has a ready Pod that listens on the host's port; undefined where there's none. */
export function nodeListening(
  clusters: NamedView[],
  instanceId: string,
  port: number,
  protocol: Protocol,
): { cluster: string; node: string } | undefined {
  for (const { cluster, view } of clusters) {
    const node = [...view.nodes.values()].find((candidate: Node) =>
      candidate.spec?.providerID?.endsWith(`/${instanceId}`),
    );
    if (!node) continue;
    const { name } = node.metadata;
    if ([...view.pods.values()].some((pod) => listens(pod, name, port, protocol))) return { cluster, node: name };
  }
  return undefined;
}

function listens({ metadata, spec, status }: Pod, node: string, port: number, protocol: Protocol): boolean {
  if (spec?.nodeName !== node || metadata.deletionTimestamp) return false;
  if (!status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True")) return false;
  const ports = spec.containers?.flatMap((container) => container.ports ?? []) ?? [];
  return ports.some((candidate) => {
    const onHost = candidate.hostPort ?? (spec.hostNetwork ? candidate.containerPort : undefined);
    return onHost === port && (candidate.protocol ?? "TCP") === protocol;
  });
}
