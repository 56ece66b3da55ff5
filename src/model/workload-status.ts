import type { JsonObject, KubeObject } from "./objects.js";

const number = (value: unknown, fallback: number): number => (typeof value === "number" ? value : fallback);
const object = (value: unknown): JsonObject =>
  value !== null && typeof value === "object" ? (value as JsonObject) : {};
const list = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.map(object) : []);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** What a Deployment, StatefulSet or DaemonSet lacks; undefined where all that it wants is available. */
export function lackOf(workload: KubeObject): string | undefined {
  const spec = object(workload.spec);
  const status = object(workload.status);
  if (number(status.observedGeneration, 0) < number(workload.metadata.generation, 0)) {
    return "its controller hasn't seen it yet";
  }
  const isDaemonSet = workload.kind === "DaemonSet";
  const wanted = isDaemonSet ? number(status.desiredNumberScheduled, 0) : number(spec.replicas, 1);
  const available = number(isDaemonSet ? status.numberAvailable : status.availableReplicas, 0);
  if (available < wanted) return `${available} of ${wanted} available`;
  if (workload.kind === "Deployment" && number(status.updatedReplicas, 0) < wanted) {
    return `${number(status.updatedReplicas, 0)} of ${wanted} updated`;
  }
  return undefined;
}

/** A label selector as the API's query parameter takes it. */
export function selectorOf(workload: KubeObject): string {
  const selector = object(object(workload.spec).selector);
  const labels = Object.entries(object(selector.matchLabels)).map(([key, value]) => `${key}=${value}`);
  const expressions = list(selector.matchExpressions).map(({ key, operator, values }) => {
    const among = `(${(Array.isArray(values) ? values : []).join(",")})`;
    const forms: Record<string, string> = {
      In: `${key} in ${among}`,
      NotIn: `${key} notin ${among}`,
      Exists: `${key}`,
      DoesNotExist: `!${key}`,
    };
    return forms[text(operator)] ?? "";
  });
  return [...labels, ...expressions].filter(Boolean).join(",");
}

/** Why a pod isn't ready, in the cluster's own words; undefined where it is. */
export function podTrouble(pod: KubeObject): string | undefined {
  const status = object(pod.status);
  const conditions = list(status.conditions);
  if (conditions.some(({ type, status }) => type === "Ready" && status === "True")) return undefined;
  const unscheduled = conditions.find(({ type, status }) => type === "PodScheduled" && status === "False");
  if (unscheduled) return said(unscheduled.reason, unscheduled.message, "Pending");
  const containers = [...list(status.initContainerStatuses), ...list(status.containerStatuses)];
  for (const { name, ready, state } of containers) {
    const { waiting, terminated } = object(state);
    if (waiting) return `container ${name}: ${said(object(waiting).reason, object(waiting).message, "waiting")}`;
    if (terminated && ready !== true && number(object(terminated).exitCode, 0) !== 0) {
      return `container ${name}: ${said(object(terminated).reason, object(terminated).message, "terminated")}`;
    }
  }
  const notReady = conditions.find(({ type }) => type === "Ready");
  return said(notReady?.reason, notReady?.message, text(status.phase) || "unknown");
}

/** Why a workload has no pods at all: quota, admission, a missing service account. */
export function creationTrouble(workload: KubeObject): string | undefined {
  const failure = list(object(workload.status).conditions).find(
    ({ type, status }) => type === "ReplicaFailure" && status === "True",
  );
  return failure && said(failure.reason, failure.message, "ReplicaFailure");
}

function said(reason: unknown, message: unknown, fallback: string): string {
  return [text(reason), text(message)].filter(Boolean).join(": ") || fallback;
}
