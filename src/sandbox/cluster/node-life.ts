import type { KubeObject } from "../../model/objects.js";
import { type Api, mergePatch, strategicMergePatch, unless } from "./api.js";
import { kwokAnnotation } from "./kwokctl-config.js";
import { faultAnnotation, healthyConditions, type NodeGroup, nodesOf } from "./nodes.js";

const leaseSeconds = 40;
const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

/**
 * Registers the nodes of a topology. kwok takes over those without a fault. A broken one is Ready, and pods are scheduled
 * to it, but nothing ever starts them; it needs `heartbeat` to stay Ready. A node that exists already is left as it is.
 */
export async function addNodes(api: Api, groups: readonly NodeGroup[]): Promise<void> {
  for (const node of nodesOf(groups, new Date())) await api("POST", "/api/v1/nodes", node).catch(unless(409));
  await heartbeat(api);
}

/**
 * Keeps every broken node Ready, as its kubelet would. Call it every 10 s: the cluster itself says which nodes are broken, so
 * a daemon that was started anew goes on.
 */
export async function heartbeat(api: Api): Promise<void> {
  const now = new Date();
  for (const { metadata } of await brokenNodes(api)) {
    const status = { status: { conditions: healthyConditions(now) } };
    await api("PATCH", `/api/v1/nodes/${metadata.name}/status`, status, strategicMergePatch).catch(unless(404));
    await renewLease(api, metadata.name, now);
  }
}

/**
 * Mends broken nodes (all of them unless named): kwok takes them over, and the pods that waited there start.
 * @returns the names of the nodes that were broken.
 */
export async function mend(api: Api, names?: readonly string[]): Promise<string[]> {
  const broken = (await brokenNodes(api)).map(({ metadata }) => metadata.name);
  const mended = broken.filter((name) => !names || names.includes(name));
  for (const name of mended) {
    const annotations = { [faultAnnotation]: null, [kwokAnnotation.key]: kwokAnnotation.value };
    await api("PATCH", `/api/v1/nodes/${name}`, { metadata: { annotations } }, mergePatch);
    // kwok waits until another holder's lease has run out.
    await api("DELETE", `${leases}/${name}`).catch(unless(404));
  }
  return mended;
}

async function brokenNodes(api: Api): Promise<KubeObject[]> {
  const { items } = (await api("GET", "/api/v1/nodes")) as { items: KubeObject[] };
  return items.filter(({ metadata }) => metadata.annotations?.[faultAnnotation] !== undefined);
}

async function renewLease(api: Api, name: string, now: Date): Promise<void> {
  // MicroTime: six digits of a second.
  const renewTime = now.toISOString().replace("Z", "000Z");
  const spec = { holderIdentity: name, leaseDurationSeconds: leaseSeconds, renewTime };
  const renewed = await api("PATCH", `${leases}/${name}`, { spec }, mergePatch).then(() => true, unless(404));
  if (renewed) return;
  // Where it exists by now, someone else renewed it.
  const lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name }, spec };
  await api("POST", leases, lease).catch(unless(409));
}
