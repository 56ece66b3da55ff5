import type { KubeObject } from "../../src/model/objects.js";

/** Where versions that have no `spec.behavior` carry it, as JSON with the field names of Go. */
export const BEHAVIOR_ANNOTATION = "autoscaling.alpha.kubernetes.io/behavior";

/** Fields that an older version lacks travel in these. From v2beta2 on they are ignored, and dropped by the API server. */
const ROUND_TRIP_ANNOTATIONS = new Set([
  BEHAVIOR_ANNOTATION,
  "autoscaling.alpha.kubernetes.io/metrics",
  "autoscaling.alpha.kubernetes.io/current-metrics",
  "autoscaling.alpha.kubernetes.io/conditions",
]);

export function withoutRoundTripAnnotations(object: KubeObject): KubeObject {
  const { annotations } = object.metadata;
  if (!annotations) return object;
  const kept = Object.entries(annotations).filter(([key]) => !ROUND_TRIP_ANNOTATIONS.has(key));
  return { ...object, metadata: { ...object.metadata, annotations: Object.fromEntries(kept) } };
}
