import pLimit from "p-limit";
import type { KubeObject } from "../../model/objects.js";
import { type Api, mergePatch, orStatus, strategicMergePatch } from "./api.js";
import { type Lease, leaseOf, leasesPath, microTime, untilTaken } from "./leases.js";
import { faultAnnotation, healthyConditions, type NodeGroup, nodesOf } from "./nodes.js";

interface Pod extends KubeObject {
  status?: { phase?: string; conditions?: { type: string; status: string }[] };
}

interface Endpoints extends KubeObject {
  subsets?: { addresses?: { targetRef?: { kind?: string } }[] }[];
}

const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;

/**
 * Registers the nodes of a topology; `version` is their kubelets'. Returns once kwok has taken over those without a fault. A broken one is
 * Ready and needs `heartbeat` to stay so. A node that exists already is left as it is.
 */
export async function addNodes(api: Api, groups: readonly NodeGroup[], version: string): Promise<void> {
  const nodes = nodesOf(groups, version, new Date());
  for (const node of nodes) {
    const exists = await orStatus(404, api("GET", nodePath(node.metadata.name)));
    if (exists) continue;
    // The lease first: kwok takes what nobody holds.
    if (isBroken(node)) await orStatus(409, api("POST", leasesPath, leaseOf(node.metadata.name)));
    await orStatus(409, api("POST", "/api/v1/nodes", node));
  }
  // kwok passes over Pods that come before it has its node, and looks at them once more only if that's soon.
  await untilTaken(
    api,
    nodes.filter((node) => !isBroken(node)).map(({ metadata }) => metadata.name),
  );
}

/**
 * Keeps every broken node Ready, as its kubelet would. Call it every 10 s: the cluster itself says which nodes are broken, so
 * a daemon that was started anew goes on.
 */
export async function heartbeat(api: Api): Promise<void> {
  for (const { metadata } of await brokenNodes(api)) {
    const lease = (await orStatus(404, api("GET", `${leasesPath}/${metadata.name}`))) as Lease | undefined;
    if (lease?.spec.holderIdentity !== metadata.name) continue;
    const now = new Date();
    // With the resource version: a lease that was given up meanwhile must not be taken back.
    const renewed = {
      metadata: { resourceVersion: lease.metadata.resourceVersion },
      spec: { renewTime: microTime(now) },
    };
    await orStatus(409, orStatus(404, api("PATCH", `${leasesPath}/${metadata.name}`, renewed, mergePatch)));
    const status = { status: { conditions: healthyConditions(now) } };
    await orStatus(404, api("PATCH", `${nodePath(metadata.name)}/status`, status, strategicMergePatch));
  }
}

/**
 * Mends broken nodes (all of them unless named): kwok takes them over within about 5 s, and the pods that waited there start.
 * @returns the names of the nodes that were broken.
 */
export async function mend(api: Api, names?: readonly string[]): Promise<string[]> {
  const broken = (await brokenNodes(api)).map(({ metadata }) => metadata.name);
  const mended = broken.filter((name) => !names || names.includes(name));
  for (const name of mended) {
    // The annotation last: who is stopped in between finds the node still broken, and mends it again.
    await orStatus(404, api("DELETE", `${leasesPath}/${name}`));
    const annotations = { [faultAnnotation]: null };
    await orStatus(404, api("PATCH", nodePath(name), { metadata: { annotations } }, mergePatch));
  }
  await untilTaken(api, mended);
  await touchPods(api, mended);
  return mended;
}

/** kwok looks at a node's Pods when it gets its lease, and may find that it hasn't yet: whatever happens to a Pod has it look again. */
async function touchPods(api: Api, nodes: readonly string[]): Promise<void> {
  const { items } = (await api("GET", "/api/v1/pods")) as { items: Pod[] };
  const waiting = items.filter(({ spec, status }) => {
    const { nodeName = "" } = spec as { nodeName?: string };
    return nodes.includes(nodeName) && status?.phase === "Pending";
  });
  const conditions = [{ type: "PodScheduled", status: "True", lastProbeTime: new Date().toISOString() }];
  for (const { metadata } of waiting) {
    const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/status`;
    await orStatus(404, api("PATCH", path, { status: { conditions } }, strategicMergePatch));
  }
}

/**
 * Says of every node and Pod what kubelets say once the pod network is gone: the node isn't ready, and no probe reaches a Pod. Nobody
 * may play the kubelets any more. @returns how many Pods were ready
 */
export async function loseNetwork(api: Api): Promise<number> {
  const at = new Date().toISOString();
  const condition = (type: string, reason: string, message: string) => ({
    ...{ type, status: "False", reason, message },
    lastTransitionTime: at,
  });
  const { items: nodes } = (await api("GET", "/api/v1/nodes")) as { items: KubeObject[] };
  const network =
    "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:cni plugin not initialized";
  for (const { metadata } of nodes) {
    const status = { status: { conditions: [condition("Ready", "KubeletNotReady", network)] } };
    await orStatus(404, api("PATCH", `${nodePath(metadata.name)}/status`, status, strategicMergePatch));
  }
  const { items: pods } = (await api("GET", "/api/v1/pods")) as { items: Pod[] };
  const ready = pods.filter(isReady);
  const unready = ["Ready", "ContainersReady"].map((type) =>
    condition(type, "ContainersNotReady", "readiness probes don't reach the containers"),
  );
  const limit = pLimit(16);
  await Promise.all(
    ready.map(({ metadata: { namespace, name } }) =>
      limit(() => {
        const path = `/api/v1/namespaces/${namespace}/pods/${name}/status`;
        return orStatus(404, api("PATCH", path, { status: { conditions: unready } }, strategicMergePatch));
      }),
    ),
  );
  return ready.length;
}

/** Pods that the Services lead to. */
export async function reachablePods(api: Api): Promise<number> {
  const { items: services } = (await api("GET", "/api/v1/services")) as { items: KubeObject[] };
  const keyOf = ({ metadata: { namespace, name } }: KubeObject): string => `${namespace}/${name}`;
  // These lead to their Pods whatever state they are in.
  const always = new Set(
    services.filter(({ spec }) => (spec as { publishNotReadyAddresses?: boolean }).publishNotReadyAddresses).map(keyOf),
  );
  const { items } = (await api("GET", "/api/v1/endpoints")) as { items: Endpoints[] };
  const addresses = items
    .filter((each) => !always.has(keyOf(each)))
    .flatMap(({ subsets }) => (subsets ?? []).flatMap((subset) => subset.addresses ?? []));
  return addresses.filter(({ targetRef }) => targetRef?.kind === "Pod").length;
}

async function brokenNodes(api: Api): Promise<KubeObject[]> {
  const { items } = (await api("GET", "/api/v1/nodes")) as { items: KubeObject[] };
  return items.filter(isBroken);
}

function isBroken({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[faultAnnotation] !== undefined;
}

function nodePath(name: string): string {
  return `/api/v1/nodes/${name}`;
}
