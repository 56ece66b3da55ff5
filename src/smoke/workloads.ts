import type { KubeReader } from "../kube/api.js";
import { listAll } from "../kube/list-all.js";
import { formatDuration, parseDuration } from "../model/duration.js";
import { type ApiResource, type KubeObject, refKey, refOf } from "../model/objects.js";
import { creationTrouble, lackOf, podTrouble, selectorOf } from "../model/workload-status.js";
import { type Checker, failed, inconclusive, passed } from "./context.js";

const kinds: ApiResource[] = (["Deployment", "StatefulSet", "DaemonSet"] as const).map((kind) => ({
  group: "apps",
  version: "v1",
  kind,
  resource: `${kind.toLowerCase()}s`,
  namespaced: true,
  verbs: ["list"],
  subresources: [],
}));
const pods: ApiResource = {
  group: "",
  version: "v1",
  kind: "Pod",
  resource: "pods",
  namespaced: true,
  verbs: ["list"],
  subresources: [],
};

/** Milliseconds between two looks. */
const pause = 2_000;
/** Workloads that are named, and reasons for each. */
const mostNamed = 5;
const mostReasons = 3;

/** All Deployments, StatefulSets and DaemonSets have what they want, or get it within the timeout. */
export const workloads: Checker<"workloads"> = async ({ namespaces, timeout }, { green, clock, signal }) => {
  const timeoutMs = parseDuration(timeout);
  if (timeoutMs === undefined) return inconclusive(`${JSON.stringify(timeout)} is no duration.`);
  const where = namespaces ? `in ${namespaces.join(", ")}` : "in all namespaces";
  const until = clock.now() + timeoutMs;
  for (;;) {
    const all = await listWorkloads(green, namespaces, signal);
    if (all.length === 0) return inconclusive(`There are no workloads ${where}.`);
    const lacking = all.filter((workload) => lackOf(workload) !== undefined);
    if (lacking.length === 0) return passed(`All ${all.length} workloads ${where} are available.`);
    if (clock.now() >= until) {
      const named = await Promise.all(lacking.slice(0, mostNamed).map((workload) => explain(workload, green, signal)));
      const more = lacking.length > mostNamed ? `; and ${lacking.length - mostNamed} more` : "";
      return failed(
        `${lacking.length} of ${all.length} workloads ${where} are not available after ${formatDuration(timeoutMs)}: ${named.join("; ")}${more}.`,
      );
    }
    await clock.sleep(Math.min(pause, until - clock.now()), signal);
  }
};

async function listWorkloads(
  green: KubeReader,
  namespaces: readonly string[] | undefined,
  signal: AbortSignal | undefined,
): Promise<KubeObject[]> {
  const found: KubeObject[] = [];
  for (const resource of kinds) {
    for (const namespace of namespaces ?? [undefined]) {
      found.push(...(await listAll(green, resource, { ...(namespace && { namespace }), ...(signal && { signal }) })));
    }
  }
  return found;
}

async function explain(workload: KubeObject, green: KubeReader, signal: AbortSignal | undefined): Promise<string> {
  const { namespace } = workload.metadata;
  const labelSelector = selectorOf(workload);
  const its = await listAll(green, pods, { ...(namespace && { namespace }), labelSelector, ...(signal && { signal }) });
  const troubles = [...new Set(its.flatMap((pod) => podTrouble(pod) ?? []))].slice(0, mostReasons);
  const why =
    troubles.length > 0 ? troubles.join(", ") : (creationTrouble(workload) ?? (its.length === 0 ? "no pods" : ""));
  return `${refKey(refOf(workload))} has ${lackOf(workload)}${why ? ` (${why})` : ""}`;
}
