import { describe, expect, it } from "vitest";
import { horizontalPodAutoscalerV2beta1 } from "../../migrations/horizontal-pod-autoscaler-v2beta1.js";
import { horizontalPodAutoscalerV2beta2 } from "../../migrations/horizontal-pod-autoscaler-v2beta2.js";
import { migrateOne, objectFor, remarkIds } from "./apply.js";

const behavior = "autoscaling.alpha.kubernetes.io/behavior";
const selector = { matchLabels: { a: "b" } };
const describedObject = { kind: "Service", name: "web", apiVersion: "v1" };

const metrics: [name: string, v2beta1: Record<string, unknown>, v2: Record<string, unknown>][] = [
  [
    "Resource by utilization",
    { type: "Resource", resource: { name: "cpu", targetAverageUtilization: 70 } },
    { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
  ],
  [
    "Resource by value",
    { type: "Resource", resource: { name: "memory", targetAverageValue: "500Mi" } },
    { type: "Resource", resource: { name: "memory", target: { type: "AverageValue", averageValue: "500Mi" } } },
  ],
  [
    "Resource with a null",
    { type: "Resource", resource: { name: "cpu", targetAverageUtilization: null, targetAverageValue: 2 } },
    { type: "Resource", resource: { name: "cpu", target: { type: "AverageValue", averageValue: 2 } } },
  ],
  [
    "ContainerResource",
    { type: "ContainerResource", containerResource: { name: "cpu", container: "app", targetAverageUtilization: 60 } },
    {
      type: "ContainerResource",
      containerResource: { name: "cpu", container: "app", target: { type: "Utilization", averageUtilization: 60 } },
    },
  ],
  [
    "Pods",
    { type: "Pods", pods: { metricName: "rps", targetAverageValue: "1k", selector } },
    { type: "Pods", pods: { metric: { name: "rps", selector }, target: { type: "AverageValue", averageValue: "1k" } } },
  ],
  [
    "Object by value",
    { type: "Object", object: { target: describedObject, metricName: "rps", targetValue: "10k" } },
    { type: "Object", object: { describedObject, metric: { name: "rps" }, target: { type: "Value", value: "10k" } } },
  ],
  [
    "Object by average, with the 0 that v2beta1 shows for an absent value",
    {
      type: "Object",
      object: { target: describedObject, metricName: "rps", targetValue: "0", averageValue: "5", selector },
    },
    {
      type: "Object",
      object: {
        describedObject,
        metric: { name: "rps", selector },
        target: { type: "AverageValue", averageValue: "5" },
      },
    },
  ],
  [
    "Object with both",
    { type: "Object", object: { target: describedObject, metricName: "rps", targetValue: "100m", averageValue: "5" } },
    {
      type: "Object",
      object: {
        describedObject,
        metric: { name: "rps" },
        target: { type: "AverageValue", value: "100m", averageValue: "5" },
      },
    },
  ],
  [
    "External by value",
    { type: "External", external: { metricName: "queue", metricSelector: selector, targetValue: "30" } },
    { type: "External", external: { metric: { name: "queue", selector }, target: { type: "Value", value: "30" } } },
  ],
  [
    "External by average",
    { type: "External", external: { metricName: "queue", targetAverageValue: "30" } },
    { type: "External", external: { metric: { name: "queue" }, target: { type: "AverageValue", averageValue: "30" } } },
  ],
];

describe("horizontal-pod-autoscaler-v2beta1", () => {
  const migration = horizontalPodAutoscalerV2beta1;

  it.each(metrics)("%s", (_name, v2beta1, v2) => {
    const migrated = migrateOne(migration, objectFor(migration, { spec: { maxReplicas: 3, metrics: [v2beta1] } }));
    expect(migrated.apiVersion).toBe("autoscaling/v2");
    expect(migrated.spec).toStrictEqual({ maxReplicas: 3, metrics: [v2] });
  });

  it("takes the smallest, and leaves the controller's status out", () => {
    const object = objectFor(migration, { spec: { maxReplicas: 1 }, status: { currentReplicas: 1 } });
    expect(migrateOne(migration, object)).toStrictEqual({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: object.metadata,
      spec: { maxReplicas: 1 },
    });
  });

  it("reads the behavior out of its annotation, which has Go's field names", () => {
    const annotation = JSON.stringify({
      ScaleUp: {
        StabilizationWindowSeconds: 0,
        SelectPolicy: "Max",
        Policies: [{ Type: "Pods", Value: 4, PeriodSeconds: 15 }],
      },
      ScaleDown: { StabilizationWindowSeconds: null, SelectPolicy: "Disabled", Policies: null },
    });
    const metadata = { name: "web", annotations: { [behavior]: annotation, mine: "stays" } };
    const migrated = migrateOne(migration, objectFor(migration, { metadata, spec: { maxReplicas: 3 } }));
    expect(migrated.metadata.annotations).toEqual({ mine: "stays" });
    expect(migrated.spec).toStrictEqual({
      maxReplicas: 3,
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 0,
          selectPolicy: "Max",
          policies: [{ type: "Pods", value: 4, periodSeconds: 15 }],
        },
        scaleDown: { selectPolicy: "Disabled" },
      },
    });
  });

  it.each(["not json", "[]", "3", '{"ScaleUp": 3}'])("says that the behavior %s can't be read", (annotation) => {
    const metadata = { name: "web", annotations: { [behavior]: annotation } };
    const object = objectFor(migration, { metadata, spec: { maxReplicas: 3 } });
    expect(migrateOne(migration, object).spec).toEqual({ maxReplicas: 3 });
    expect(remarkIds(migration, object)).toEqual(["hpa-behavior-unreadable"]);
  });

  it("leaves what is not a metric as it is", () => {
    const object = objectFor(migration, { spec: { metrics: [null, "odd", { type: "New", new: { x: 1 } }] } });
    expect(migrateOne(migration, object).spec).toEqual(object.spec);
  });
});

describe("horizontal-pod-autoscaler-v2beta2", () => {
  const migration = horizontalPodAutoscalerV2beta2;

  it("changes the version, and drops the annotations that only older versions read", () => {
    const annotations = { [behavior]: "{}", "autoscaling.alpha.kubernetes.io/metrics": "[]", mine: "stays" };
    const spec = {
      maxReplicas: 3,
      behavior: { scaleDown: { selectPolicy: "Disabled" } },
      metrics: metrics.map(([, , v2]) => v2),
    };
    const object = objectFor(migration, {
      metadata: { name: "web", annotations },
      spec,
      status: { currentReplicas: 1 },
    });
    expect(migrateOne(migration, object)).toEqual({
      ...object,
      apiVersion: "autoscaling/v2",
      metadata: { name: "web", annotations: { mine: "stays" } },
    });
  });

  it.each([
    [
      "a 0 beside an average goes",
      { type: "AverageValue", value: "0", averageValue: "5" },
      { type: "AverageValue", averageValue: "5" },
    ],
    [
      "a value beside an average stays",
      { type: "AverageValue", value: "10m", averageValue: "5" },
      { type: "AverageValue", value: "10m", averageValue: "5" },
    ],
    ["a 0 alone stays, for the server to refuse", { type: "Value", value: "0" }, { type: "Value", value: "0" }],
  ])("%s", (_name, target, becomes) => {
    const spec = (target: unknown) => ({
      maxReplicas: 3,
      metrics: [{ type: "Object", object: { describedObject, target } }],
    });
    expect(migrateOne(migration, objectFor(migration, { spec: spec(target) })).spec).toStrictEqual(spec(becomes));
  });
});
