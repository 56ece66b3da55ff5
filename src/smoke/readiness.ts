import type { KubeReader } from "../kube/api.js";
import { KubeError } from "../kube/api.js";
import { listAll } from "../kube/list-all.js";
import { compareMinor, parseKubeVersion } from "../model/kube-version.js";
import type { ApiResource, KubeObject } from "../model/objects.js";

/** What must be there before a green counts as standing. */
export interface Expected {
  /** Kubernetes version, at least to the minor. */
  version: string;
  /** Groups with the zones in which each must have a Ready node. */
  groups: readonly { name: string; zones: readonly string[] }[];
}

export interface ReadinessEdges {
  green: KubeReader;
  now: () => number;
  /** Group and zone of a node. */
  placeOf: (node: KubeObject) => { group: string; zone: string };
}

/** The leader of each controller renews its lease every few seconds. */
const leaders = ["kube-controller-manager", "kube-scheduler"];
const leaseMaxAgeMs = 60_000;

/**
 * What still keeps a green from being ready: API, nodes of every zone and group, DNS, controllers. Empty where it is. A
 * green counts as ready only when this was empty several times: a flapping cluster passes once.
 */
export async function notReadyBecause(expected: Expected, edges: ReadinessEdges): Promise<string[]> {
  const { green } = edges;
  const { version } = await green.info();
  const { resources } = await green.discover();
  const list = (group: string, kind: string, namespace?: string): Promise<KubeObject[]> =>
    listAll(green, servedResource(resources, group, kind), namespace === undefined ? {} : { namespace });
  const [nodes, deployments, leases, slices] = await Promise.all([
    list("", "Node"),
    list("apps", "Deployment", "kube-system"),
    list("coordination.k8s.io", "Lease", "kube-system"),
    list("discovery.k8s.io", "EndpointSlice", "kube-system"),
  ]);
  return [
    ...wrongVersion(version, expected.version),
    ...missingNodes(nodes, expected, edges.placeOf),
    ...deployments.flatMap(unavailable),
    ...silentControllers(leases, edges.now()),
    ...noDns(slices),
  ];
}

function servedResource(resources: readonly ApiResource[], group: string, kind: string): ApiResource {
  const resource = resources.find((each) => each.group === group && each.kind === kind);
  if (resource) return resource;
  throw new KubeError(404, "NotFound", `green doesn't serve ${kind} of ${group || "the core group"}`);
}

function wrongVersion(actual: string, wanted: string): string[] {
  const [is, shall] = [parseKubeVersion(actual), parseKubeVersion(wanted)];
  return is && shall && compareMinor(is, shall) === 0 ? [] : [`the API server is ${actual}, not ${wanted}`];
}

function missingNodes(
  nodes: readonly KubeObject[],
  { groups }: Expected,
  placeOf: ReadinessEdges["placeOf"],
): string[] {
  const ready = new Set(nodes.filter(isReady).map((node) => placeKey(placeOf(node))));
  return [
    ...groups.flatMap(({ name, zones }) =>
      zones
        .filter((zone) => !ready.has(placeKey({ group: name, zone })))
        .map((zone) => `no node of ${name} is Ready in ${zone}`),
    ),
    ...nodes.filter((node) => !isReady(node)).map((node) => `node ${node.metadata.name} is not Ready`),
  ];
}

function placeKey({ group, zone }: { group: string; zone: string }): string {
  return `${group} ${zone}`;
}

function isReady(node: KubeObject): boolean {
  const conditions = (node.status as { conditions?: { type: string; status: string }[] } | undefined)?.conditions ?? [];
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

function unavailable({ metadata, spec, status }: KubeObject): string[] {
  const wanted = (spec as { replicas?: number } | undefined)?.replicas ?? 1;
  const available = (status as { availableReplicas?: number } | undefined)?.availableReplicas ?? 0;
  return available >= wanted
    ? []
    : [`deployment kube-system/${metadata.name} has ${available} of ${wanted} pods available`];
}

/** Managed control planes may not show these leases: what isn't there can't be silent. */
function silentControllers(leases: readonly KubeObject[], now: number): string[] {
  return leases.flatMap(({ metadata, spec }) => {
    if (!leaders.includes(metadata.name)) return [];
    const renewed = Date.parse(String((spec as { renewTime?: string } | undefined)?.renewTime));
    return now - renewed <= leaseMaxAgeMs ? [] : [`${metadata.name} hasn't renewed its lease for a minute`];
  });
}

function noDns(slices: readonly KubeObject[]): string[] {
  const dns = slices.filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === "kube-dns");
  const ready = dns.flatMap((slice) => (slice.endpoints as { conditions?: { ready?: boolean } }[] | undefined) ?? []);
  return ready.some(({ conditions }) => conditions?.ready !== false)
    ? []
    : ["the kube-dns service has no ready endpoint"];
}
