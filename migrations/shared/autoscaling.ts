import { isObject } from "../../src/model/json.js";
import type { JsonObject, KubeObject } from "../../src/model/objects.js";
import { isAbsent } from "./json.js";

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

/**
 * The target of an Object metric in v2, without a value of 0 beside its averageValue. API servers that store
 * autoscaling/v1, as 1.24 does, show such a 0 in every version for a value that was never set, but take it in none.
 */
export function withoutZeroValue(target: JsonObject): JsonObject {
  const { value, ...rest } = target;
  return isAbsent(rest.averageValue) || !isZero(value) ? target : rest;
}

/** A v2beta2 or v2 autoscaler whose Object metrics have no value of 0. */
export function withoutZeroValues(object: KubeObject): KubeObject {
  if (!isObject(object.spec) || !Array.isArray(object.spec.metrics)) return object;
  const metrics = object.spec.metrics.map((metric: unknown) => {
    if (!isObject(metric) || !isObject(metric.object) || !isObject(metric.object.target)) return metric;
    return { ...metric, object: { ...metric.object, target: withoutZeroValue(metric.object.target) } };
  });
  return { ...object, spec: { ...object.spec, metrics } };
}

/** Whether a quantity such as `0`, `"0"` or `"0m"` is zero. */
function isZero(quantity: unknown): boolean {
  return Number.parseFloat(String(quantity)) === 0;
}
