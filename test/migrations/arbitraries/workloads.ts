import fc from "fast-check";
import type { JsonObject } from "../../../src/model/objects.js";
import { quantity, some } from "./shared.js";

/** Random valid workloads as API servers up to 1.15 take them, less apiVersion, kind and name. */

const appLabels = fc
  .record({ app: fc.constantFrom("web", "api") })
  .chain((app) => some({ tier: fc.constantFrom("front", "") }).map((more) => ({ ...app, ...more })));

const probe = fc.constantFrom<JsonObject>(
  { httpGet: { port: 80 } },
  { httpGet: { port: "http", path: "/health", scheme: "HTTPS" }, initialDelaySeconds: 5 },
  { tcpSocket: { port: 80 }, periodSeconds: 30, failureThreshold: 1 },
  { exec: { command: ["true"] }, timeoutSeconds: 2 },
);

const container = some<unknown>(
  {
    image: fc.constantFrom("example.com/web", "example.com/web:1", "example.com/web:latest"),
    imagePullPolicy: fc.constantFrom("Always", "IfNotPresent"),
    command: fc.constantFrom(["run"], ["sh", "-c", "exec run"]),
    ports: fc.constantFrom([{ containerPort: 80 }], [{ name: "http", containerPort: 80, protocol: "TCP" }]),
    env: fc.constantFrom(
      [{ name: "A", value: "" }],
      [{ name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }],
      [{ name: "S", valueFrom: { secretKeyRef: { name: "s", key: "k", optional: true } } }],
    ),
    resources: some({ limits: some({ cpu: quantity, memory: quantity }) }),
    livenessProbe: probe,
    readinessProbe: probe,
    securityContext: fc.constantFrom<JsonObject>({ privileged: true }, { runAsUser: 0 }, {}),
  },
  ["image"],
);

const podSpec = some<unknown>(
  {
    containers: container.map((only) => [{ name: "web", ...only }]),
    restartPolicy: fc.constant("Always"),
    terminationGracePeriodSeconds: fc.nat(60),
    nodeSelector: fc.constant({ "beta.kubernetes.io/os": "linux" }),
    serviceAccountName: fc.constant("web"),
    hostNetwork: fc.constant(false),
    tolerations: fc.constant([{ key: "k", operator: "Exists", effect: "NoSchedule" }]),
    volumes: fc.constantFrom(
      [{ name: "v", emptyDir: {} }],
      [{ name: "v", hostPath: { path: "/tmp" } }],
      [{ name: "v", configMap: { name: "c" } }],
      [{ name: "v", secret: { secretName: "s", defaultMode: 256 } }],
    ),
    securityContext: fc.constantFrom<JsonObject>({}, { fsGroup: 5 }),
  },
  ["containers"],
);

const owned = { labels: appLabels, annotations: fc.constantFrom({ a: "ü" }, { note: "" }) };

/** A selector that fits the labels. */
const selectorOf = (labels: Record<string, string>) =>
  fc.constantFrom<JsonObject>(
    { matchLabels: labels },
    { matchLabels: { app: labels.app } },
    { matchExpressions: [{ key: "app", operator: "In", values: [labels.app, "other"] }] },
    { matchLabels: labels, matchExpressions: [{ key: "app", operator: "Exists" }] },
  );

/** metadata, and a spec with selector and template; `required` where a version takes no absent selector. */
const workload = (fields: fc.Arbitrary<JsonObject>, required: boolean): fc.Arbitrary<JsonObject> =>
  fc
    .record({ labels: appLabels, spec: podSpec, fields, metadata: some<unknown>(owned), more: some<unknown>(owned) })
    .chain(({ labels, spec, fields, metadata, more }) =>
      fc
        .option(selectorOf(labels), { nil: undefined, freq: required ? Number.MAX_SAFE_INTEGER : 1 })
        .map((selector) => ({
          metadata,
          spec: {
            ...fields,
            ...((selector ?? required) ? { selector: selector ?? { matchLabels: labels } } : {}),
            template: { metadata: { ...more, labels }, spec },
          },
        })),
    );

const replicas = fc.nat(3);
const positive = fc.integer({ min: 1, max: 5 });
const countOrPercent = fc.oneof(
  positive,
  fc.integer({ min: 1, max: 100 }).map((n) => `${n}%`),
);

const deploymentStrategy = fc.oneof(
  fc.constant<JsonObject>({ type: "Recreate" }),
  some<unknown>({
    type: fc.constant("RollingUpdate"),
    rollingUpdate: some<unknown>({ maxSurge: countOrPercent, maxUnavailable: countOrPercent }),
  }),
);

/** In extensions/v1beta1, apps/v1beta1 and apps/v1beta2. */
export const deployment = (apiVersion: string): fc.Arbitrary<JsonObject> => {
  const old = apiVersion !== "apps/v1beta2";
  return workload(
    some<unknown>({
      replicas,
      minReadySeconds: fc.nat(60),
      paused: fc.boolean(),
      strategy: deploymentStrategy,
      revisionHistoryLimit: fc.nat(20),
      progressDeadlineSeconds: fc.integer({ min: 61, max: 700 }),
      ...(old && { rollbackTo: fc.record({ revision: fc.nat(3) }) }),
    }),
    !old,
  );
};

export const daemonSet = (apiVersion: string): fc.Arbitrary<JsonObject> => {
  const old = apiVersion === "extensions/v1beta1";
  return workload(
    some<unknown>({
      minReadySeconds: fc.nat(60),
      revisionHistoryLimit: fc.nat(20),
      updateStrategy: fc.oneof(
        fc.constant({}),
        fc.constant({ type: "OnDelete" }),
        some<unknown>({ rollingUpdate: some({ maxUnavailable: countOrPercent }) }).map((more) => ({
          type: "RollingUpdate",
          ...more,
        })),
      ),
      ...(old && { templateGeneration: positive }),
    }),
    !old,
  );
};

export const replicaSet = (apiVersion: string): fc.Arbitrary<JsonObject> =>
  workload(some<unknown>({ replicas, minReadySeconds: fc.nat(60) }), apiVersion !== "extensions/v1beta1");

const claim = some<unknown>({ storageClassName: fc.constantFrom("fast", ""), volumeMode: fc.constant("Block") }).map(
  (more) => ({
    metadata: { name: "data" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, ...more },
  }),
);

export const statefulSet = (apiVersion: string): fc.Arbitrary<JsonObject> =>
  workload(
    some<unknown>(
      {
        serviceName: fc.constantFrom("web", ""),
        replicas,
        podManagementPolicy: fc.constantFrom("OrderedReady", "Parallel"),
        revisionHistoryLimit: fc.nat(20),
        updateStrategy: fc.oneof(
          fc.constant({}),
          fc.constant({ type: "OnDelete" }),
          fc.constant({ type: "RollingUpdate" }),
          some({ partition: fc.nat(3) }).map((rollingUpdate) => ({ type: "RollingUpdate", rollingUpdate })),
        ),
        volumeClaimTemplates: claim.map((only) => [only]),
      },
      ["serviceName"],
    ),
    apiVersion !== "apps/v1beta1",
  );

export const controllerRevision: fc.Arbitrary<JsonObject> = fc.record({
  metadata: some<unknown>(owned),
  revision: fc.nat(9),
  data: fc.constantFrom<JsonObject>(
    { spec: { template: { $patch: "replace", spec: { containers: [] } } } },
    { apiVersion: "v1", kind: "Any", n: [1, { a: null }] },
  ),
});
