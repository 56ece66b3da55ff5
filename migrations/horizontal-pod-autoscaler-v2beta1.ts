import { isObject } from "../src/model/json.js";
import type { Migration, Remark } from "../src/model/migration.js";
import type { JsonObject } from "../src/model/objects.js";
import { BEHAVIOR_ANNOTATION, withoutRoundTripAnnotations, withoutZeroValue } from "./shared/autoscaling.js";
import { atVersion, isAbsent, present } from "./shared/json.js";

const behaviorUnreadable: Remark = {
  id: "hpa-behavior-unreadable",
  severity: "warning",
  why: `Its annotation ${BEHAVIOR_ANNOTATION} is not a scaling behavior, so API servers ignore it, and so do we.`,
  whatToDo: "Check spec.behavior of the new object: it is the default. Set it if another was meant.",
};

/**
 * v2beta1 spreads a metric's target over fields of the metric; v2 has one `target` with a type, and names the metric in
 * `metric`. `spec.behavior` comes out of the annotation in which v2beta1 carries it. The status is the controller's, and
 * green's controller writes its own: it is left out.
 */
export const horizontalPodAutoscalerV2beta1: Migration = {
  id: "horizontal-pod-autoscaler-v2beta1",
  from: { group: "autoscaling", kind: "HorizontalPodAutoscaler", versions: ["v2beta1"] },
  to: "autoscaling/v2",
  removedIn: "1.25",
  summary: "Each metric's target* fields become target; behavior moves from its annotation to the spec; no status.",
  migrate(object) {
    const { status: _controllers, ...migrated } = atVersion(object, "autoscaling/v2");
    const { spec } = migrated;
    const annotation = migrated.metadata.annotations?.[BEHAVIOR_ANNOTATION];
    const behavior = annotation === undefined ? undefined : readBehavior(annotation);
    if (isObject(spec)) {
      if (Array.isArray(spec.metrics)) spec.metrics = spec.metrics.map(migrateMetric);
      if (isObject(behavior) && Object.keys(behavior).length > 0) spec.behavior = behavior;
    }
    const objects = [withoutRoundTripAnnotations(migrated)];
    if (behavior === "unreadable") return { result: "objects", objects, remarks: [behaviorUnreadable] };
    return { result: "objects", objects };
  },
};

/** How each metric source changes, by the field that holds it. */
const sources: Record<string, (source: JsonObject) => JsonObject> = {
  resource: resourceSource,
  containerResource: resourceSource,
  pods: ({ metricName, targetAverageValue, selector, ...rest }) => ({
    ...rest,
    metric: present({ name: metricName, selector }),
    target: present({ type: "AverageValue", averageValue: targetAverageValue }),
  }),
  external: ({ metricName, metricSelector, targetValue, targetAverageValue, ...rest }) => ({
    ...rest,
    metric: present({ name: metricName, selector: metricSelector }),
    target: present({
      type: isAbsent(targetValue) ? "AverageValue" : "Value",
      value: targetValue,
      averageValue: targetAverageValue,
    }),
  }),
  object: ({ target, metricName, targetValue, selector, averageValue, ...rest }) => ({
    ...rest,
    describedObject: target,
    metric: present({ name: metricName, selector }),
    target: isAbsent(averageValue)
      ? present({ type: "Value", value: targetValue })
      : withoutZeroValue(present({ type: "AverageValue", value: targetValue, averageValue })),
  }),
};

function resourceSource({ targetAverageUtilization, targetAverageValue, ...rest }: JsonObject): JsonObject {
  return {
    ...rest,
    target: present({
      type: isAbsent(targetAverageUtilization) ? "AverageValue" : "Utilization",
      averageUtilization: targetAverageUtilization,
      averageValue: targetAverageValue,
    }),
  };
}

function migrateMetric(metric: unknown): unknown {
  if (!isObject(metric)) return metric;
  const migrated = { ...metric };
  for (const [field, migrateSource] of Object.entries(sources)) {
    const source = metric[field];
    if (isObject(source)) migrated[field] = migrateSource(source);
  }
  return migrated;
}

function readBehavior(annotation: string): JsonObject | "unreadable" {
  try {
    const behavior = fromGo(JSON.parse(annotation));
    return isObject(behavior) && Object.values(behavior).every(isObject) ? behavior : "unreadable";
  } catch {
    return "unreadable";
  }
}

/** `{"ScaleUp": {"SelectPolicy": null}}`, as Go writes a struct without JSON names, to `{scaleUp: {}}`. */
function fromGo(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromGo);
  if (!isObject(value)) return value;
  const renamed = Object.entries(value).map(([key, field]) => [
    key.charAt(0).toLowerCase() + key.slice(1),
    fromGo(field),
  ]);
  return present(Object.fromEntries(renamed));
}
