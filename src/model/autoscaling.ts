import { groupOf, type KubeObject, kindKey, refKey } from "./objects.js";

/** `refKey` of what an autoscaler scales: a HorizontalPodAutoscaler, or KEDA's ScaledObject. */
export function scaledBy({ metadata, spec }: KubeObject): string | undefined {
  const { name, kind = "Deployment", apiVersion = "apps/v1" } = (spec as Scaling | undefined)?.scaleTargetRef ?? {};
  if (typeof name !== "string") return undefined;
  const { namespace } = metadata;
  const group = groupOf(apiVersion);
  // Autoscalers of old may name a Deployment in a group that green doesn't serve any more, and mean the same one.
  const home = group === "extensions" ? "apps" : group;
  return refKey({ group: home, kind, name, ...(namespace && { namespace }) });
}

interface Scaling {
  scaleTargetRef?: { name?: unknown; kind?: string; apiVersion?: string };
}

export function isScaledObject({ apiVersion, kind }: KubeObject): boolean {
  return kindKey({ group: groupOf(apiVersion), kind }) === "ScaledObject.keda.sh";
}
