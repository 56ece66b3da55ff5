import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrationFor, migrations } from "../../migrations/index.js";
import type { JsonObject } from "../../src/model/objects.js";
import { migrateOne } from "./apply.js";
import * as arbitrary from "./arbitraries/various.js";
import { Oracle } from "./oracle.js";

/** An admin's kubeconfig of a server of the newest version that migrations are for. */
const kubeconfig = process.env.CLUSTERSHIFT_TEST_GREEN_KUBECONFIG;
const why = kubeconfig ? "" : " (skipped: CLUSTERSHIFT_TEST_GREEN_KUBECONFIG names no server)";

const flowSchema = {
  spec: {
    matchingPrecedence: 0,
    priorityLevelConfiguration: { name: "global-default" },
    rules: [
      {
        subjects: [{ kind: "Group", group: { name: "system:authenticated" } }],
        nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
      },
    ],
  },
};
const policy = {
  spec: {
    matchConstraints: {
      resourceRules: [{ apiGroups: ["apps"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["deployments"] }],
    },
    validations: [{ expression: "object.spec.replicas < 50", message: "too many" }],
  },
};
const ingress = {
  spec: {
    backend: { serviceName: "web", servicePort: 80 },
    rules: [
      {
        host: "web.example.com",
        http: { paths: [{ path: "/", backend: { serviceName: "web", servicePort: "http" } }] },
      },
    ],
  },
};
const zeroShares = {
  spec: { type: "Limited", limited: { nominalConcurrencyShares: 0, limitResponse: { type: "Reject" } } },
};
const flowcontrol = "flowcontrol.apiserver.k8s.io";

const cases: [group: string, version: string, kind: string, body: fc.Arbitrary<JsonObject>][] = [
  ["policy", "v1beta1", "PodDisruptionBudget", arbitrary.podDisruptionBudget],
  ["batch", "v1beta1", "CronJob", arbitrary.cronJob],
  ["discovery.k8s.io", "v1beta1", "EndpointSlice", arbitrary.endpointSlice],
  ["events.k8s.io", "v1beta1", "Event", fc.oneof(arbitrary.modernEvent, arbitrary.oldEvent)],
  ["node.k8s.io", "v1beta1", "RuntimeClass", arbitrary.runtimeClass],
  ["storage.k8s.io", "v1beta1", "CSIStorageCapacity", arbitrary.csiStorageCapacity],
  ["autoscaling", "v2beta1", "HorizontalPodAutoscaler", arbitrary.horizontalPodAutoscaler],
  [flowcontrol, "v1beta2", "PriorityLevelConfiguration", arbitrary.priorityLevelConfiguration],
  [flowcontrol, "v1beta3", "PriorityLevelConfiguration", fc.constant(zeroShares)],
  [flowcontrol, "v1beta1", "FlowSchema", fc.constant(flowSchema)],
  ["admissionregistration.k8s.io", "v1beta1", "ValidatingAdmissionPolicy", fc.constant(policy)],
  [
    "admissionregistration.k8s.io",
    "v1beta1",
    "ValidatingAdmissionPolicyBinding",
    fc.constant({ spec: { policyName: "web", validationActions: ["Audit"] } }),
  ],
  ["networking.k8s.io", "v1beta1", "Ingress", fc.constant(ingress)],
  ["extensions", "v1beta1", "Ingress", fc.constant(ingress)],
];

describe.skipIf(!kubeconfig)(`what migrations write is taken by a real API server of the new version${why}`, () => {
  let server: Oracle;
  let count = 0;

  beforeAll(async () => {
    server = await Oracle.open(kubeconfig ?? "");
  });
  afterAll(() => server?.close());

  it.each(cases)(
    "%s/%s %s",
    async (group, version, kind, body) => {
      const migration = migrationFor(migrations, { group, kind }, version);
      if (!migration?.to) throw new Error("no migration");
      const { to } = migration;
      await fc.assert(
        fc.asyncProperty(body, async (fields) => {
          const metadata = {
            name: `acceptance-${process.pid}-${count++}`,
            ...(server.isNamespaced(to, kind) ? { namespace: "default" } : {}),
          };
          const migrated = migrateOne(migration, { apiVersion: `${group}/${version}`, kind, metadata, ...fields });
          const written = await server.having(migrated, (read) => read(to));
          // The server drops deprecatedTopology, and writes quantities its own way; all else it keeps, and adds defaults.
          if (kind === "PriorityLevelConfiguration") expect(written).toMatchObject(migrated);
          else expect(written).toMatchObject({ apiVersion: to, kind, metadata });
        }),
        { numRuns: 30, interruptAfterTimeLimit: 60_000 },
      );
    },
    90_000,
  );
});
