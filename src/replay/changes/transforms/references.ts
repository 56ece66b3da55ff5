import { isObject, textAt } from "../../../model/json.js";
import { type JsonObject, type KubeObject, kindKey, refOf } from "../../../model/objects.js";

/** An object that another one names. */
export interface Target {
  /** `Kind.group` */
  kind: string;
  /** Absent for cluster-scoped objects. */
  namespace?: string;
  name: string;
}

/** Where one kind of object names others: at each match of `at` (`*` is each entry of a list or mapping). */
interface Place {
  in: readonly string[];
  /** The mapping that holds the name; `""` is the object itself. */
  at: string;
  /** The field with the name. */
  name: string;
  /** The field beside it with the namespace; where the place has none, the target is in the object's own. */
  namespace?: string;
  /** `Kind.group` of what is named, or how the holder says it; undefined where it names nothing of ours. */
  to: string | ((holder: JsonObject) => string | undefined);
  cluster?: true;
}

const podTemplates: Record<string, string> = {
  Pod: "spec",
  PodTemplate: "template.spec",
  ReplicationController: "spec.template.spec",
  "Deployment.apps": "spec.template.spec",
  "StatefulSet.apps": "spec.template.spec",
  "DaemonSet.apps": "spec.template.spec",
  "ReplicaSet.apps": "spec.template.spec",
  "Job.batch": "spec.template.spec",
  "CronJob.batch": "spec.jobTemplate.spec.template.spec",
};

const containers = ["containers", "initContainers", "ephemeralContainers"];

/** Within a pod's spec. */
const podPlaces: readonly Omit<Place, "in">[] = [
  { at: "", name: "serviceAccountName", to: "ServiceAccount" },
  { at: "", name: "serviceAccount", to: "ServiceAccount" },
  { at: "", name: "priorityClassName", to: "PriorityClass.scheduling.k8s.io", cluster: true },
  { at: "", name: "runtimeClassName", to: "RuntimeClass.node.k8s.io", cluster: true },
  { at: "imagePullSecrets.*", name: "name", to: "Secret" },
  { at: "volumes.*.secret", name: "secretName", to: "Secret" },
  { at: "volumes.*.configMap", name: "name", to: "ConfigMap" },
  { at: "volumes.*.persistentVolumeClaim", name: "claimName", to: "PersistentVolumeClaim" },
  { at: "volumes.*.projected.sources.*.secret", name: "name", to: "Secret" },
  { at: "volumes.*.projected.sources.*.configMap", name: "name", to: "ConfigMap" },
  { at: "volumes.*.azureFile", name: "secretName", to: "Secret" },
  ...["cephfs", "flexVolume", "iscsi", "rbd", "scaleIO", "storageos"].map((volume) => ({
    at: `volumes.*.${volume}.secretRef`,
    name: "name",
    to: "Secret",
  })),
  { at: "volumes.*.csi.nodePublishSecretRef", name: "name", to: "Secret" },
  ...containers.flatMap((list) => [
    { at: `${list}.*.env.*.valueFrom.secretKeyRef`, name: "name", to: "Secret" },
    { at: `${list}.*.env.*.valueFrom.configMapKeyRef`, name: "name", to: "ConfigMap" },
    { at: `${list}.*.envFrom.*.secretRef`, name: "name", to: "Secret" },
    { at: `${list}.*.envFrom.*.configMapRef`, name: "name", to: "ConfigMap" },
  ]),
];

const rbac = "rbac.authorization.k8s.io";
const hooks = ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"].map(
  (kind) => `${kind}.admissionregistration.k8s.io`,
);
const ingress = ["Ingress.networking.k8s.io"];
const volumeSecrets = ["controllerExpand", "controllerPublish", "nodeExpand", "nodePublish", "nodeStage"];

const otherPlaces: readonly Place[] = [
  { in: ["ServiceAccount"], at: "secrets.*", name: "name", to: "Secret" },
  { in: ["ServiceAccount"], at: "imagePullSecrets.*", name: "name", to: "Secret" },
  {
    in: [`RoleBinding.${rbac}`, `ClusterRoleBinding.${rbac}`],
    at: "subjects.*",
    name: "name",
    namespace: "namespace",
    to: ({ kind }) => (kind === "ServiceAccount" ? "ServiceAccount" : undefined),
  },
  {
    in: [`RoleBinding.${rbac}`],
    at: "roleRef",
    name: "name",
    to: ({ kind }) => (kind === "Role" ? `Role.${rbac}` : undefined),
  },
  {
    in: [`RoleBinding.${rbac}`, `ClusterRoleBinding.${rbac}`],
    at: "roleRef",
    name: "name",
    to: ({ kind }) => (kind === "ClusterRole" ? `ClusterRole.${rbac}` : undefined),
    cluster: true,
  },
  { in: hooks, at: "webhooks.*.clientConfig.service", name: "name", namespace: "namespace", to: "Service" },
  ...["spec.conversion.webhook.clientConfig.service", "spec.conversion.webhookClientConfig.service"].map((at) => ({
    in: ["CustomResourceDefinition.apiextensions.k8s.io"],
    at,
    name: "name",
    namespace: "namespace",
    to: "Service",
  })),
  {
    in: ["APIService.apiregistration.k8s.io"],
    at: "spec.service",
    name: "name",
    namespace: "namespace",
    to: "Service",
  },
  { in: ingress, at: "spec.defaultBackend.service", name: "name", to: "Service" },
  { in: ingress, at: "spec.rules.*.http.paths.*.backend.service", name: "name", to: "Service" },
  { in: ingress, at: "spec.tls.*", name: "secretName", to: "Secret" },
  { in: ingress, at: "spec", name: "ingressClassName", to: "IngressClass.networking.k8s.io", cluster: true },
  {
    in: ["HorizontalPodAutoscaler.autoscaling"],
    at: "spec.scaleTargetRef",
    name: "name",
    to: ({ apiVersion, kind }) => kindKey(refOf({ apiVersion, kind, metadata: { name: "" } } as KubeObject)),
  },
  { in: ["StatefulSet.apps"], at: "spec", name: "serviceName", to: "Service" },
  ...["PersistentVolumeClaim", "PersistentVolume"].map((kind) => ({
    in: [kind],
    at: "spec",
    name: "storageClassName",
    to: "StorageClass.storage.k8s.io",
    cluster: true as const,
  })),
  {
    in: ["StatefulSet.apps"],
    at: "spec.volumeClaimTemplates.*.spec",
    name: "storageClassName",
    to: "StorageClass.storage.k8s.io",
    cluster: true,
  },
  {
    in: ["PersistentVolume"],
    at: "spec.claimRef",
    name: "name",
    namespace: "namespace",
    to: "PersistentVolumeClaim",
  },
  ...volumeSecrets.map((secret) => ({
    in: ["PersistentVolume"],
    at: `spec.csi.${secret}SecretRef`,
    name: "name",
    namespace: "namespace",
    to: "Secret",
  })),
];

const places = placesByKind();

/**
 * Hands every reference of a built-in kind to another object to `map`, and writes what it gives into the object itself. What a
 * text or a custom resource says isn't known to be a reference.
 */
export function mapReferences(object: KubeObject, map: (target: Target) => Target): void {
  const own = object.metadata.namespace;
  for (const { at, name: nameField, namespace: namespaceField, to, cluster } of places.get(kindKey(refOf(object))) ??
    []) {
    for (const holder of holdersAt(object, at === "" ? [] : at.split("."))) {
      const kind = typeof to === "string" ? to : to(holder);
      const name = textAt(holder, nameField);
      if (kind === undefined || name === undefined) continue;
      const stated = namespaceField === undefined ? undefined : textAt(holder, namespaceField);
      const namespace = cluster ? undefined : (stated ?? own);
      const target = { kind, name, ...(namespace !== undefined && { namespace }) };
      const mapped = map(target);
      if (mapped.name !== name) holder[nameField] = mapped.name;
      if (namespaceField !== undefined && stated !== undefined && mapped.namespace !== undefined)
        holder[namespaceField] = mapped.namespace;
    }
  }
}

function placesByKind(): Map<string, Place[]> {
  const found = new Map<string, Place[]>();
  const pods = Object.entries(podTemplates).flatMap(([kind, spec]) =>
    podPlaces.map((place) => ({ ...place, in: [kind], at: place.at === "" ? spec : `${spec}.${place.at}` })),
  );
  for (const place of [...pods, ...otherPlaces]) {
    for (const kind of place.in) found.set(kind, [...(found.get(kind) ?? []), place]);
  }
  return found;
}

function holdersAt(value: unknown, steps: readonly string[]): JsonObject[] {
  const [step, ...rest] = steps;
  if (step === undefined) return isObject(value) ? [value] : [];
  if (step === "*") return Array.isArray(value) ? value.flatMap((each) => holdersAt(each, rest)) : [];
  return isObject(value) ? holdersAt(value[step], rest) : [];
}
