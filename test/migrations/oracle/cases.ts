import type fc from "fast-check";
import { isObject } from "../../../src/model/json.js";
import type { JsonObject } from "../../../src/model/objects.js";
import * as cluster from "../arbitraries/cluster.js";
import * as extending from "../arbitraries/extending.js";
import * as networking from "../arbitraries/networking.js";
import * as various from "../arbitraries/various.js";
import * as workloads from "../arbitraries/workloads.js";
import type { OracleCase } from "./case.js";
import * as declared from "./declared.js";

const always = (body: fc.Arbitrary<JsonObject>) => ({ body: () => body });

/** Every migration that some server of the sandbox can be asked about, by server: it serves both versions. */
export const oracleCases: readonly OracleCase[] = [
  ...on("1.15.12", [
    { migration: "controller-revision", ...always(workloads.controllerRevision) },
    { migration: "daemon-set-apps", body: workloads.daemonSet },
    { migration: "daemon-set-extensions", body: workloads.daemonSet },
    { migration: "deployment-apps", body: workloads.deployment, declared: declared.noRollback },
    { migration: "deployment-extensions", body: workloads.deployment, declared: declared.noRollback },
    { migration: "network-policy", ...always(networking.networkPolicy) },
    { migration: "pod-security-policy-group", ...always(cluster.podSecurityPolicy) },
    { migration: "replica-set-apps", body: workloads.replicaSet },
    { migration: "replica-set-extensions", body: workloads.replicaSet },
    { migration: "stateful-set", body: workloads.statefulSet },
  ]),
  ...on("1.21.14", [
    { migration: "api-service", ...always(extending.apiService), named: byGroup, atOnce: 50 },
    {
      migration: "certificate-signing-request",
      ...always(cluster.certificateSigningRequest),
      drops: ({ spec }) => isObject(spec) && spec.signerName === "kubernetes.io/legacy-unknown",
    },
    { migration: "cluster-role", ...always(cluster.clusterRole) },
    { migration: "cluster-role-binding", body: cluster.binding(["ClusterRole"]) },
    { migration: "csi-driver", ...always(cluster.csiDriver) },
    { migration: "csi-node", ...always(cluster.csiNode) },
    {
      migration: "custom-resource-definition",
      ...always(extending.customResourceDefinition),
      named: byPlural,
      declared: declared.definition,
      atOnce: 50,
    },
    { migration: "ingress-class", ...always(networking.ingressClass) },
    { migration: "ingress-extensions", ...always(networking.ingress) },
    { migration: "ingress-networking", ...always(networking.ingress) },
    { migration: "lease", ...always(cluster.lease) },
    {
      migration: "mutating-webhook-configuration",
      ...always(extending.mutatingWebhooks),
      declared: declared.webhooks,
      atOnce: 50,
    },
    { migration: "priority-class", ...always(cluster.priorityClass) },
    { migration: "role", ...always(cluster.role) },
    { migration: "role-binding", body: cluster.binding(["Role", "ClusterRole"]) },
    {
      migration: "runtime-class",
      body: (version) => (version.endsWith("v1alpha1") ? cluster.runtimeClassAlpha : various.runtimeClass),
    },
    { migration: "storage-class", ...always(cluster.storageClass) },
    {
      migration: "validating-webhook-configuration",
      ...always(extending.validatingWebhooks),
      declared: declared.webhooks,
      atOnce: 50,
    },
    { migration: "volume-attachment", ...always(cluster.volumeAttachment) },
  ]),
  ...on("1.24.17", [
    { migration: "cron-job", ...always(various.cronJob) },
    { migration: "csi-storage-capacity", ...always(various.csiStorageCapacity) },
    { migration: "endpoint-slice", ...always(various.endpointSlice), declared: declared.topologyAsWritten },
    { migration: "event", ...always(various.modernEvent), declared: declared.withoutEmptyDeprecated },
    { migration: "horizontal-pod-autoscaler-v2beta1", ...always(various.horizontalPodAutoscaler) },
    { migration: "horizontal-pod-autoscaler-v2beta2", ...always(various.newerHorizontalPodAutoscaler) },
    { migration: "pod-disruption-budget", ...always(various.podDisruptionBudget) },
  ]),
];

function on(server: OracleCase["server"], cases: Omit<OracleCase, "server">[]): OracleCase[] {
  return cases.map((each) => ({ ...each, server }));
}

/** An APIService is called by what it serves, of which there is one. */
function byGroup({ spec, ...body }: JsonObject, name: string): { name: string; body: JsonObject } {
  const group = `${name}.acme.example`;
  return { name: `v1.${group}`, body: { ...body, spec: { ...(spec as JsonObject), group } } };
}

/** All call their kind the same, so that the server takes them, but serves one of them only: it would be busy otherwise. */
function byPlural({ spec, ...body }: JsonObject, plural: string): { name: string; body: JsonObject } {
  const { names, ...rest } = spec as JsonObject & { names: JsonObject };
  return { name: `${plural}.${rest.group}`, body: { ...body, spec: { ...rest, names: { ...names, plural } } } };
}

/** The versions of which the server itself is the judge: no release of the sandbox serves both sides of the others. */
export function hasOracle(migration: { id: string }): boolean {
  return oracleCases.some((each) => each.migration === migration.id);
}
