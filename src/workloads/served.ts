import type { KubeReader } from "../kube/api.js";
import { listAll, listIfServed } from "../kube/list-all.js";
import { type ApiResource, groupOf, type KubeObject, kindKey, versionOf } from "../model/objects.js";

/** What runs a number of Pods. All clusters that there are serve it in this version. */
const workloads = ["Deployment", "StatefulSet", "ReplicaSet"].map((kind) => resource("apps/v1", kind));

const autoscalers = [
  resource("autoscaling/v2", "HorizontalPodAutoscaler"),
  resource("autoscaling/v1", "HorizontalPodAutoscaler"),
];
const scaledObjects = resource("keda.sh/v1alpha1", "ScaledObject");
const pods = resource("v1", "Pod");
const jobs = resource("batch/v1", "Job");
const replicaSets = resource("apps/v1", "ReplicaSet");
/** Up to 1.20 there is only v1beta1. */
const cronJobs = [resource("batch/v1", "CronJob"), resource("batch/v1beta1", "CronJob")];

/** A kind that is called in URLs by its own name, as all are that run something. */
export function resource(apiVersion: string, kind: string): ApiResource {
  return {
    group: groupOf(apiVersion),
    version: versionOf(apiVersion),
    kind,
    resource: `${kind.toLowerCase()}s`,
    namespaced: true,
    verbs: ["get", "list"],
    subresources: [],
  };
}

type Lister = Pick<KubeReader, "pages">;

/** Deployments, StatefulSets, and ReplicaSets that nothing else makes. */
export async function listWorkloads(kube: Lister, signal?: AbortSignal): Promise<KubeObject[]> {
  const found = await Promise.all(workloads.map((each) => listAll(kube, each, { ...(signal && { signal }) })));
  return found.flat().filter(({ metadata }) => !metadata.ownerReferences?.some(({ controller }) => controller));
}

/** Whatever decides over the number of a workload's Pods: KEDA's come first, since it makes autoscalers of its own. */
export async function listAutoscalers(kube: Lister, signal?: AbortSignal): Promise<KubeObject[]> {
  const options = { ...(signal && { signal }) };
  const scaled = (await listIfServed(kube, scaledObjects, options)) ?? [];
  for (const each of autoscalers) {
    const found = await listIfServed(kube, each, options);
    if (found) return [...scaled, ...found.filter((autoscaler) => !isOfKeda(autoscaler))];
  }
  return scaled;
}

/** Its ScaledObject is where its limits stand; here they would be written over. */
function isOfKeda({ metadata }: KubeObject): boolean {
  return (metadata.ownerReferences ?? []).some(
    ({ kind, apiVersion }) => kindKey({ group: groupOf(apiVersion), kind }) === "ScaledObject.keda.sh",
  );
}

export async function listCronJobs(kube: Lister, signal?: AbortSignal): Promise<KubeObject[]> {
  for (const each of cronJobs) {
    const found = await listIfServed(kube, each, { ...(signal && { signal }) });
    if (found) return found;
  }
  return [];
}

/** All of a namespace, or those with the labels. */
export async function listPods(
  kube: Lister,
  namespace: string | undefined,
  labelSelector?: string,
  signal?: AbortSignal,
): Promise<KubeObject[]> {
  return listAll(kube, pods, {
    ...(namespace && { namespace }),
    ...(labelSelector !== undefined && { labelSelector }),
    ...(signal && { signal }),
  });
}

/** What workloads make to make Pods, of a namespace. */
export async function listMade(
  kube: Lister,
  namespace: string | undefined,
  signal?: AbortSignal,
): Promise<{ replicaSets: KubeObject[]; jobs: KubeObject[] }> {
  const options = { ...(namespace && { namespace }), ...(signal && { signal }) };
  const [sets, its] = await Promise.all([listAll(kube, replicaSets, options), listAll(kube, jobs, options)]);
  return { replicaSets: sets, jobs: its };
}
