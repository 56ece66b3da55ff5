import { isObject, listAt, objectAt, textAt } from "../../model/json.js";
import { groupOf, type KubeObject, kindKey, refKey, refOf } from "../../model/objects.js";
import { podReferences } from "./pod-spec.js";
import { anyNamespace, type Finder, type Reference, reference } from "./reference.js";

const rbac = { group: "rbac.authorization.k8s.io" };
const storage = { group: "storage.k8s.io" };

/** Where pods stand in the objects that make them. */
const podSpecs: Record<string, readonly string[]> = {
  Pod: ["spec"],
  PodTemplate: ["template", "spec"],
  ReplicationController: ["spec", "template", "spec"],
  "ReplicaSet.apps": ["spec", "template", "spec"],
  "Deployment.apps": ["spec", "template", "spec"],
  "StatefulSet.apps": ["spec", "template", "spec"],
  "DaemonSet.apps": ["spec", "template", "spec"],
  "Job.batch": ["spec", "template", "spec"],
  "CronJob.batch": ["spec", "jobTemplate", "spec", "template", "spec"],
};

/** What each kind names, beside its pods; register a new one here. */
const finders: Record<string, Finder> = {
  ServiceAccount: (object) => [
    ...listAt(object, "imagePullSecrets").flatMap((secret) =>
      reference("imagePullSecrets", "Secret", textAt(secret, "name"), home(object)),
    ),
    ...listAt(object, "secrets").flatMap((secret) =>
      reference("secrets", "Secret", textAt(secret, "name"), home(object)),
    ),
  ],
  PersistentVolumeClaim: claim,
  "StatefulSet.apps": (object) =>
    listAt(object, "spec", "volumeClaimTemplates").flatMap((template) =>
      reference("spec.volumeClaimTemplates", "StorageClass", textAt(template, "spec", "storageClassName"), storage),
    ),
  "Ingress.networking.k8s.io": (object) => [
    ...reference("spec.ingressClassName", "IngressClass", textAt(object, "spec", "ingressClassName"), {
      group: "networking.k8s.io",
    }),
    ...listAt(object, "spec", "tls").flatMap((tls) =>
      reference("spec.tls", "Secret", textAt(tls, "secretName"), home(object)),
    ),
    ...[
      objectAt(object, "spec", "defaultBackend"),
      ...listAt(object, "spec", "rules").flatMap((rule) =>
        listAt(rule, "http", "paths").map((path) => objectAt(path, "backend")),
      ),
    ]
      // AWS's controller takes an action for a Service of this port, which is described in an annotation.
      .filter((backend) => textAt(backend, "service", "port", "name") !== "use-annotation")
      .flatMap((backend) => reference("spec.rules", "Service", textAt(backend, "service", "name"), home(object))),
  ],
  "HorizontalPodAutoscaler.autoscaling": (object) => {
    const target = objectAt(object, "spec", "scaleTargetRef");
    const named = groupOf(textAt(target, "apiVersion") ?? "v1");
    // Written long ago; whoever scales finds it in its group of today.
    const group = named === "extensions" ? "apps" : named;
    return reference("spec.scaleTargetRef", textAt(target, "kind") ?? "", target.name, { group, ...home(object) });
  },
  "RoleBinding.rbac.authorization.k8s.io": (object) => [...roleOf(object), ...subjectsOf(object)],
  "ClusterRoleBinding.rbac.authorization.k8s.io": (object) => [...roleOf(object), ...subjectsOf(object)],
  "ValidatingWebhookConfiguration.admissionregistration.k8s.io": webhooks,
  "MutatingWebhookConfiguration.admissionregistration.k8s.io": webhooks,
  "APIService.apiregistration.k8s.io": (object) => serviceOf("spec.service", objectAt(object, "spec", "service")),
  "CustomResourceDefinition.apiextensions.k8s.io": (object) =>
    serviceOf("spec.conversion", objectAt(object, "spec", "conversion", "webhook", "clientConfig", "service")),
  "Gateway.gateway.networking.k8s.io": (object) => [
    ...reference("spec.gatewayClassName", "GatewayClass", textAt(object, "spec", "gatewayClassName"), {
      group: "gateway.networking.k8s.io",
    }),
    ...listAt(object, "spec", "listeners").flatMap((listener) =>
      listAt(listener, "tls", "certificateRefs")
        .filter((ref) => (textAt(ref, "kind") ?? "Secret") === "Secret")
        .flatMap((ref) =>
          reference("spec.listeners", "Secret", textAt(ref, "name"), {
            namespace: textAt(ref, "namespace") ?? object.metadata.namespace,
          }),
        ),
    ),
  ],
  "Certificate.cert-manager.io": (object) => {
    const issuer = objectAt(object, "spec", "issuerRef");
    const kind = textAt(issuer, "kind") ?? "Issuer";
    const group = textAt(issuer, "group") ?? "cert-manager.io";
    return reference("spec.issuerRef", kind, issuer.name, {
      group,
      ...(kind.startsWith("Cluster") ? {} : home(object)),
    });
  },
  "Issuer.cert-manager.io": (object) => issuerKeys(object, home(object)),
  // Its keys lie in cert-manager's own namespace, which the object doesn't say.
  "ClusterIssuer.cert-manager.io": (object) => issuerKeys(object, { namespace: anyNamespace }),
};

/** What an object names and can't do without. Pure; what a custom resource means by its fields is not known. */
export function referencesOf(object: KubeObject): Reference[] {
  const kind = kindKey(refOf(object));
  const path = podSpecs[kind];
  const pods = path ? podReferences(objectAt(object, ...path), object.metadata.namespace ?? "", path.join(".")) : [];
  return onePerTarget([...pods, ...(finders[kind]?.(object) ?? [])]);
}

/** Kinds whose references are known, for the documentation. */
export const kindsWithReferences: readonly string[] = [
  ...new Set([...Object.keys(podSpecs), ...Object.keys(finders)]),
].sort();

function onePerTarget(references: readonly Reference[]): Reference[] {
  return [...new Map(references.map((each) => [refKey(each.to), each])).values()];
}

function home({ metadata }: KubeObject): { namespace: string | undefined } {
  return { namespace: metadata.namespace };
}

/** An empty name is a choice: no class at all. Before 1.6 an annotation said it, and it still counts. */
function claim(object: KubeObject): Reference[] {
  const old = object.metadata.annotations?.["volume.beta.kubernetes.io/storage-class"];
  return reference("spec.storageClassName", "StorageClass", old ?? textAt(object, "spec", "storageClassName"), storage);
}

function issuerKeys(object: KubeObject, where: { namespace: string | undefined }): Reference[] {
  return [
    ...reference("spec.acme", "Secret", textAt(object, "spec", "acme", "privateKeySecretRef", "name"), where),
    ...reference("spec.ca", "Secret", textAt(object, "spec", "ca", "secretName"), where),
  ];
}

function roleOf(object: KubeObject): Reference[] {
  const role = objectAt(object, "roleRef");
  const kind = textAt(role, "kind") ?? "";
  return reference("roleRef", kind, role.name, { ...rbac, ...(kind === "Role" ? home(object) : {}) });
}

function subjectsOf(object: KubeObject): Reference[] {
  return listAt(object, "subjects")
    .filter((subject) => textAt(subject, "kind") === "ServiceAccount")
    .flatMap((subject) =>
      reference("subjects", "ServiceAccount", textAt(subject, "name"), {
        namespace: textAt(subject, "namespace") ?? object.metadata.namespace,
      }),
    );
}

function webhooks(object: KubeObject): Reference[] {
  return listAt(object, "webhooks").flatMap((webhook) =>
    serviceOf("webhooks", objectAt(webhook, "clientConfig", "service")),
  );
}

function serviceOf(field: string, service: unknown): Reference[] {
  return isObject(service)
    ? reference(field, "Service", service.name, { namespace: textAt(service, "namespace") })
    : [];
}
