import type { KubeReader } from "../kube/api.js";
import { KubeError } from "../kube/api.js";
import { listAll } from "../kube/list-all.js";
import type { ApiResource, KubeObject } from "../model/objects.js";

/** A node, with what its labels say of its place. */
export interface PlacedNode {
  node: KubeObject;
  group: string;
  zone: string;
}

/** Green at one moment: all that its checks go by. */
export interface Snapshot {
  version: string;
  /** Milliseconds since 1970. */
  at: number;
  nodes: PlacedNode[];
  /** Of all namespaces. */
  pods: KubeObject[];
  /** Of kube-system. */
  daemonSets: KubeObject[];
  deployments: KubeObject[];
  leases: KubeObject[];
  endpointSlices: KubeObject[];
}

export interface SnapshotEdges {
  green: Pick<KubeReader, "info" | "discover" | "pages">;
  now: () => number;
  placeOf: (node: KubeObject) => { group: string; zone: string };
  signal?: AbortSignal;
}

const system = "kube-system";

/** @throws what the API says where it can't be looked at: a look that is none has failed */
export async function takeSnapshot({ green, now, placeOf, signal }: SnapshotEdges): Promise<Snapshot> {
  const { version } = await green.info();
  const { resources } = await green.discover();
  const list = (group: string, kind: string, namespace?: string): Promise<KubeObject[]> =>
    listAll(green, servedResource(resources, group, kind), {
      ...(namespace && { namespace }),
      ...(signal && { signal }),
    });
  const [nodes, pods, daemonSets, deployments, leases, endpointSlices] = await Promise.all([
    list("", "Node"),
    list("", "Pod"),
    list("apps", "DaemonSet", system),
    list("apps", "Deployment", system),
    list("coordination.k8s.io", "Lease", system),
    list("discovery.k8s.io", "EndpointSlice", system),
  ]);
  return {
    version,
    at: now(),
    nodes: nodes.map((node) => ({ node, ...placeOf(node) })),
    pods,
    daemonSets,
    deployments,
    leases,
    endpointSlices,
  };
}

export function servedResource(resources: readonly ApiResource[], group: string, kind: string): ApiResource {
  const resource = resources.find((each) => each.group === group && each.kind === kind);
  if (resource) return resource;
  throw new KubeError(404, "NotFound", `green doesn't serve ${kind} of ${group || "the core group"}`);
}
