import fc from "fast-check";
import { horizontalPodAutoscalerV2beta1 } from "../../../migrations/horizontal-pod-autoscaler-v2beta1.js";
import type { JsonObject } from "../../../src/model/objects.js";
import { migrateOne } from "../apply.js";
import { countOrPercent, labels, quantity, selector, some } from "./shared.js";

/** Random valid bodies (all but apiVersion, kind and metadata) of kinds in their old versions, as API servers take them. */

export const podDisruptionBudget: fc.Arbitrary<JsonObject> = fc
  .tuple(fc.option(selector, { nil: undefined }), fc.constantFrom("minAvailable", "maxUnavailable"), countOrPercent)
  .map(([chosen, field, value]) => ({ spec: { ...(chosen ? { selector: chosen } : {}), [field]: value } }));

const utilization = fc.integer({ min: 1, max: 200 });
const metricName = fc.constantFrom("requests-per-second", "queue");
const target = fc.constant({ kind: "Service", name: "web", apiVersion: "v1" });
const resourceName = fc.constantFrom("cpu", "memory");

const metric = fc.oneof(
  some<unknown>({ name: resourceName, targetAverageUtilization: utilization }, [
    "name",
    "targetAverageUtilization",
  ]).map((resource) => ({ type: "Resource", resource })),
  some<unknown>({ name: resourceName, targetAverageValue: quantity }, ["name", "targetAverageValue"]).map(
    (resource) => ({
      type: "Resource",
      resource,
    }),
  ),
  some<unknown>({ metricName, targetAverageValue: quantity, selector }, ["metricName", "targetAverageValue"]).map(
    (pods) => ({ type: "Pods", pods }),
  ),
  some<unknown>({ target, metricName, targetValue: quantity, averageValue: quantity, selector }, [
    "target",
    "metricName",
    "targetValue",
  ]).map((object) => ({ type: "Object", object })),
  some<unknown>({ metricName, metricSelector: selector, targetValue: quantity }, ["metricName", "targetValue"]).map(
    (external) => ({ type: "External", external }),
  ),
  some<unknown>({ metricName, metricSelector: selector, targetAverageValue: quantity }, [
    "metricName",
    "targetAverageValue",
  ]).map((external) => ({ type: "External", external })),
);

/** In autoscaling/v2beta1. ContainerResource is left out: 1.24 takes it only behind a feature gate. */
export const horizontalPodAutoscaler: fc.Arbitrary<JsonObject> = some<unknown>(
  {
    scaleTargetRef: fc.constant({ kind: "Deployment", name: "web", apiVersion: "apps/v1" }),
    minReplicas: fc.integer({ min: 1, max: 3 }),
    maxReplicas: fc.integer({ min: 3, max: 20 }),
    metrics: fc.array(metric, { maxLength: 4 }),
  },
  ["scaleTargetRef", "maxReplicas"],
).map((spec) => ({ spec }));

const scalingRules = some<unknown>({
  stabilizationWindowSeconds: fc.nat(3600),
  selectPolicy: fc.constantFrom("Max", "Min", "Disabled"),
  policies: fc.array(
    fc.record({
      type: fc.constantFrom("Pods", "Percent"),
      value: fc.integer({ min: 1, max: 100 }),
      periodSeconds: fc.integer({ min: 1, max: 1800 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

/** `spec.behavior` of autoscaling/v2beta2 and v2. */
export const scalingBehavior = fc.option(some<unknown>({ scaleUp: scalingRules, scaleDown: scalingRules }), {
  nil: undefined,
});

/** In autoscaling/v2beta2 and v2, which have the same fields: v2beta1's metrics in their form, and a behavior. */
export const newerHorizontalPodAutoscaler: fc.Arbitrary<JsonObject> = fc
  .tuple(horizontalPodAutoscaler, scalingBehavior)
  .map(([body, behavior]) => {
    const kind = "HorizontalPodAutoscaler";
    const old = { apiVersion: "autoscaling/v2beta1", kind, metadata: { name: "x" }, ...body };
    const { spec } = migrateOne(horizontalPodAutoscalerV2beta1, old);
    return { spec: { ...(spec as JsonObject), ...(behavior ? { behavior } : {}) } };
  });

const pod = { restartPolicy: "Never", containers: [{ name: "c", image: "example.com/c:1" }] };

export const cronJob: fc.Arbitrary<JsonObject> = some<unknown>(
  {
    schedule: fc.constantFrom("*/5 * * * *", "@daily", "0 3 * * 1"),
    concurrencyPolicy: fc.constantFrom("Allow", "Forbid", "Replace"),
    suspend: fc.boolean(),
    startingDeadlineSeconds: fc.nat(1000),
    successfulJobsHistoryLimit: fc.nat(5),
    failedJobsHistoryLimit: fc.nat(5),
    jobTemplate: some({ metadata: labels.map((some) => ({ labels: some })) }).chain((template) =>
      some<unknown>({ backoffLimit: fc.nat(6), parallelism: fc.nat(3), ttlSecondsAfterFinished: fc.nat(60) }).map(
        (spec) => ({ ...template, spec: { ...spec, template: { spec: pod } } }),
      ),
    ),
  },
  ["schedule", "jobTemplate"],
).map((spec) => ({ spec }));

const nodeName = fc.constantFrom("n1", "ip-10-0-0-1.example.com");

const endpoint = some<unknown>(
  {
    addresses: fc.uniqueArray(fc.constantFrom("10.1.0.1", "10.1.0.2", "10.1.0.3"), { minLength: 1 }),
    conditions: some({ ready: fc.boolean(), serving: fc.boolean(), terminating: fc.boolean() }),
    hostname: fc.constantFrom("web-0", "web-1"),
    nodeName,
    targetRef: fc.constant({ kind: "Pod", name: "web-0", namespace: "default" }),
    topology: some({
      "kubernetes.io/hostname": fc.oneof(nodeName, fc.constant("Not_A_Node")),
      "topology.kubernetes.io/zone": fc.constantFrom("eu-1a", ""),
      "topology.kubernetes.io/region": fc.constant("eu-1"),
    }),
  },
  ["addresses"],
);

export const endpointSlice: fc.Arbitrary<JsonObject> = some<unknown>(
  {
    addressType: fc.constant("IPv4"),
    endpoints: fc.array(endpoint, { maxLength: 4 }),
    ports: fc.constantFrom([], [{ name: "http", port: 80 }], [{ port: 53, protocol: "UDP", appProtocol: "dns" }]),
  },
  ["addressType", "endpoints"],
) as fc.Arbitrary<JsonObject>;

const time = fc.constantFrom("2026-01-01T00:00:00.000000Z", "2026-06-30T23:59:59.123456Z");

/** Events that use the fields of today. */
export const modernEvent: fc.Arbitrary<JsonObject> = some<unknown>(
  {
    eventTime: time,
    reportingController: fc.constantFrom("example.com/web", "kubelet"),
    reportingInstance: fc.constant("web-1"),
    action: fc.constantFrom("Binding", "Killing"),
    reason: fc.constant("Because"),
    type: fc.constantFrom("Normal", "Warning"),
    note: fc.constantFrom("", "größer als erlaubt"),
    regarding: fc.constant({ kind: "Pod", name: "web", namespace: "default" }),
    series: fc.record({ count: fc.integer({ min: 2, max: 9 }), lastObservedTime: time }),
  },
  ["eventTime", "reportingController", "reportingInstance", "action", "reason", "type", "regarding"],
) as fc.Arbitrary<JsonObject>;

/** Events as most components wrote them before: the deprecated fields only, and no eventTime. */
export const oldEvent: fc.Arbitrary<JsonObject> = some<unknown>(
  {
    deprecatedSource: fc.constant({ component: "kubelet", host: "n1" }),
    deprecatedFirstTimestamp: fc.constant("2026-01-01T00:00:00Z"),
    deprecatedLastTimestamp: fc.constant("2026-01-01T01:00:00Z"),
    deprecatedCount: fc.integer({ min: 1, max: 9 }),
    action: fc.constant("Pulling"),
    reason: fc.constant("Pulled"),
    type: fc.constantFrom("Normal", "Warning"),
    regarding: fc.constant({ kind: "Pod", name: "web", namespace: "default" }),
  },
  ["deprecatedSource", "deprecatedFirstTimestamp", "action", "reason", "type", "regarding"],
) as fc.Arbitrary<JsonObject>;

export const runtimeClass: fc.Arbitrary<JsonObject> = some<unknown>(
  {
    handler: fc.constantFrom("runsc", "kata"),
    overhead: fc.constantFrom({ podFixed: { cpu: "100m" } }, { podFixed: {} }),
    scheduling: some<unknown>({
      nodeSelector: labels,
      tolerations: fc.constant([{ key: "k", operator: "Exists", effect: "NoSchedule" }]),
    }),
  },
  ["handler"],
) as fc.Arbitrary<JsonObject>;

export const csiStorageCapacity: fc.Arbitrary<JsonObject> = some<unknown>(
  {
    storageClassName: fc.constant("fast"),
    capacity: quantity,
    maximumVolumeSize: quantity,
    nodeTopology: selector,
  },
  ["storageClassName"],
) as fc.Arbitrary<JsonObject>;

/** In flowcontrol v1beta1 and v1beta2. */
export const priorityLevelConfiguration: fc.Arbitrary<JsonObject> = some<unknown>({
  assuredConcurrencyShares: fc.nat(40),
  limitResponse: fc.constantFrom({ type: "Reject" }, { type: "Queue", queuing: { queues: 16, handSize: 4 } }),
}).map((limited) => ({ spec: { type: "Limited", limited: { limitResponse: { type: "Reject" }, ...limited } } }));
