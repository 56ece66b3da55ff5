import type { JsonObject, KubeObject } from "../../../src/model/objects.js";
import { definitionV1beta1 } from "./definitions.js";

/** One old name of a kind, and how an object of today is written under it. */
export interface Form {
  apiVersion: string;
  /** The first and the last minor release of Kubernetes 1 that serves it without being asked to. */
  since: number;
  until: number;
  /** Fields under the old name; absent where they are the same. `turn` counts the objects of the kind. */
  write?: (object: KubeObject, turn: number) => KubeObject;
}

const rbac: readonly Form[] = [{ apiVersion: "rbac.authorization.k8s.io/v1beta1", since: 6, until: 21 }];

/**
 * The old names of each kind (`Kind.group` of today). Alpha versions are not here: no server serves them unless asked to.
 * Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
 */
export const forms: Readonly<Record<string, readonly Form[]>> = {
  "Deployment.apps": [
    { apiVersion: "extensions/v1beta1", since: 2, until: 15, write: withoutSelector },
    { apiVersion: "apps/v1beta1", since: 6, until: 15, write: withoutSelector },
    { apiVersion: "apps/v1beta2", since: 8, until: 15 },
  ],
  "DaemonSet.apps": [
    { apiVersion: "extensions/v1beta1", since: 2, until: 15, write: withoutSelector },
    { apiVersion: "apps/v1beta2", since: 8, until: 15 },
  ],
  "StatefulSet.apps": [
    { apiVersion: "apps/v1beta1", since: 5, until: 15, write: statefulSet },
    { apiVersion: "apps/v1beta2", since: 8, until: 15 },
  ],
  "ReplicaSet.apps": [
    { apiVersion: "extensions/v1beta1", since: 2, until: 15, write: withoutSelector },
    { apiVersion: "apps/v1beta2", since: 8, until: 15 },
  ],
  "NetworkPolicy.networking.k8s.io": [{ apiVersion: "extensions/v1beta1", since: 3, until: 15 }],
  "PodSecurityPolicy.policy": [
    { apiVersion: "extensions/v1beta1", since: 3, until: 15 },
    { apiVersion: "policy/v1beta1", since: 10, until: 24 },
  ],
  "Ingress.networking.k8s.io": [
    { apiVersion: "extensions/v1beta1", since: 1, until: 21, write: ingress },
    { apiVersion: "networking.k8s.io/v1beta1", since: 14, until: 21, write: ingress },
  ],
  "IngressClass.networking.k8s.io": [{ apiVersion: "networking.k8s.io/v1beta1", since: 18, until: 21 }],
  "CustomResourceDefinition.apiextensions.k8s.io": [
    { apiVersion: "apiextensions.k8s.io/v1beta1", since: 7, until: 21, write: definitionV1beta1 },
  ],
  "ValidatingWebhookConfiguration.admissionregistration.k8s.io": [
    { apiVersion: "admissionregistration.k8s.io/v1beta1", since: 9, until: 21, write: webhooks },
  ],
  "MutatingWebhookConfiguration.admissionregistration.k8s.io": [
    { apiVersion: "admissionregistration.k8s.io/v1beta1", since: 9, until: 21, write: webhooks },
  ],
  "APIService.apiregistration.k8s.io": [{ apiVersion: "apiregistration.k8s.io/v1beta1", since: 7, until: 21 }],
  "ClusterRole.rbac.authorization.k8s.io": rbac,
  "ClusterRoleBinding.rbac.authorization.k8s.io": rbac,
  "Role.rbac.authorization.k8s.io": rbac,
  "RoleBinding.rbac.authorization.k8s.io": rbac,
  "PriorityClass.scheduling.k8s.io": [{ apiVersion: "scheduling.k8s.io/v1beta1", since: 11, until: 21 }],
  "StorageClass.storage.k8s.io": [{ apiVersion: "storage.k8s.io/v1beta1", since: 4, until: 21 }],
  "CSIDriver.storage.k8s.io": [{ apiVersion: "storage.k8s.io/v1beta1", since: 14, until: 21 }],
  "Lease.coordination.k8s.io": [{ apiVersion: "coordination.k8s.io/v1beta1", since: 12, until: 21 }],
  "RuntimeClass.node.k8s.io": [{ apiVersion: "node.k8s.io/v1beta1", since: 14, until: 24 }],
  "CronJob.batch": [{ apiVersion: "batch/v1beta1", since: 8, until: 24 }],
  "PodDisruptionBudget.policy": [{ apiVersion: "policy/v1beta1", since: 5, until: 24 }],
  "EndpointSlice.discovery.k8s.io": [{ apiVersion: "discovery.k8s.io/v1beta1", since: 17, until: 24 }],
  "FlowSchema.flowcontrol.apiserver.k8s.io": [
    { apiVersion: "flowcontrol.apiserver.k8s.io/v1beta1", since: 20, until: 25 },
  ],
  "PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io": [
    { apiVersion: "flowcontrol.apiserver.k8s.io/v1beta1", since: 20, until: 25 },
  ],
};

/** Until apps/v1 a server took the template's labels for a selector that wasn't there, and most manifests had none. */
function withoutSelector(object: KubeObject): KubeObject {
  const spec = object.spec as JsonObject & {
    selector?: { matchLabels?: object };
    template: { metadata?: { labels?: object } };
  };
  const { selector, ...rest } = spec;
  const same = JSON.stringify(selector) === JSON.stringify({ matchLabels: spec.template.metadata?.labels });
  return same ? { ...object, spec: rest } : object;
}

/** Until apps/v1beta2 the default was OnDelete, so whoever wanted rolling updates said so. */
function statefulSet(object: KubeObject): KubeObject {
  const { updateStrategy, ...spec } = object.spec as JsonObject & { updateStrategy?: JsonObject };
  const rolling = updateStrategy && { updateStrategy: { type: "RollingUpdate", ...updateStrategy } };
  return withoutSelector({ ...object, spec: { ...spec, ...rolling } });
}

interface Service {
  service: { name: string; port: { name?: string; number?: number } };
}

function ingress(object: KubeObject): KubeObject {
  const { defaultBackend, rules, ...rest } = object.spec as JsonObject & {
    defaultBackend?: Service;
    rules?: { http?: { paths: { backend: Service }[] } }[];
  };
  const spec = {
    ...rest,
    ...(defaultBackend && { backend: backend(defaultBackend) }),
    ...(rules && {
      rules: rules.map(({ http, ...rule }) => ({
        ...rule,
        ...(http && { http: { paths: http.paths.map((path) => ({ ...path, backend: backend(path.backend) })) } }),
      })),
    }),
  };
  return { ...object, spec };
}

function backend({ service: { name, port } }: Service): JsonObject {
  return { serviceName: name, servicePort: port.name ?? port.number };
}

/** Every second one says nothing of what v1 asks for; the others only speak the old review. */
function webhooks(object: KubeObject, turn: number): KubeObject {
  const written = (object.webhooks as JsonObject[]).map(({ sideEffects, admissionReviewVersions: _, ...webhook }) =>
    turn % 2 === 0 ? webhook : { ...webhook, sideEffects, admissionReviewVersions: ["v1beta1"] },
  );
  return { ...object, webhooks: written };
}
