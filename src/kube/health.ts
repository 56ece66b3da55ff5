import { messageOf, UserError } from "../model/errors.js";
import type { HealthLook } from "../model/health.js";
import { type ApiResource, type KubeObject, refKey, refOf } from "../model/objects.js";
import { lackOf } from "../model/workload-status.js";
import type { KubeReader } from "./api.js";
import { listAll, listIfServed } from "./list-all.js";

const resource = (group: string, kind: string, namespaced: boolean): ApiResource => ({
  group,
  version: "v1",
  kind,
  resource: `${kind.toLowerCase()}s`,
  namespaced,
  verbs: ["list"],
  subresources: [],
});
const nodes = resource("", "Node", false);
const workloads = ["Deployment", "StatefulSet", "DaemonSet"].map((kind) => resource("apps", kind, true));

/**
 * Looks at a cluster once, by reading alone: whether its API and what stores its objects answer, which nodes are Ready, and whether
 * the workloads of some namespaces are whole. Never throws: what can't be seen is part of the look.
 */
export async function lookAt(
  kube: Pick<KubeReader, "info" | "pages">,
  namespaces: readonly string[],
  { now, signal }: { now: () => Date; signal?: AbortSignal },
): Promise<HealthLook> {
  const at = now().toISOString();
  const options = signal ? { signal } : {};
  try {
    const { clusterId } = await kube.info();
    const allNodes = await listAll(kube, nodes, options);
    const found: KubeObject[] = [];
    for (const kind of workloads) {
      for (const namespace of namespaces)
        found.push(...((await listIfServed(kube, kind, { ...options, namespace })) ?? []));
    }
    const notReady = allNodes.filter((node) => !isReady(node)).map(({ metadata }) => metadata.name);
    const lacking = found.flatMap((workload) => {
      const lack = lackOf(workload);
      return lack === undefined ? [] : [`${refKey(refOf(workload))}: ${lack}`];
    });
    return {
      at,
      clusterId,
      nodes: { ready: allNodes.length - notReady.length, total: allNodes.length, notReady },
      workloads: { total: found.length, lacking },
    };
  } catch (error) {
    signal?.throwIfAborted();
    return { at, error: messageOf(error), ...(isSilence(error) && { silent: true as const }) };
  }
}

const isSilence = (error: unknown): boolean => error instanceof UserError && error.code === "cluster-unreachable";

function isReady({ status }: KubeObject): boolean {
  const conditions = (status as { conditions?: { type?: string; status?: string }[] } | undefined)?.conditions;
  return conditions?.some((each) => each.type === "Ready" && each.status === "True") ?? false;
}
