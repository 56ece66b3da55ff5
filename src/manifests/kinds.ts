import { type GroupKind, kindKey } from "../model/objects.js";

/** How a kind is served: what a folder can't say of itself. */
export interface KindShape {
  /** The plural in URLs. */
  resource: string;
  namespaced: boolean;
}

type Row = [group: string, namespaced: string, clusterScoped: string];

/**
 * The kinds built into Kubernetes from 1.10 to 1.35 that can be stored. Source: the discovery of its API servers (1.15, 1.21,
 * 1.24, 1.35).
 */
const rows: Row[] = [
  [
    "",
    "ConfigMap Endpoints Event LimitRange PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount",
    "ComponentStatus Namespace Node PersistentVolume",
  ],
  [
    "admissionregistration.k8s.io",
    "",
    "InitializerConfiguration MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration",
  ],
  ["apiextensions.k8s.io", "", "CustomResourceDefinition"],
  ["apiregistration.k8s.io", "", "APIService"],
  ["apps", "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet", ""],
  ["auditregistration.k8s.io", "", "AuditSink"],
  ["autoscaling", "HorizontalPodAutoscaler", ""],
  ["batch", "CronJob Job", ""],
  ["certificates.k8s.io", "PodCertificateRequest", "CertificateSigningRequest ClusterTrustBundle"],
  ["coordination.k8s.io", "Lease LeaseCandidate", ""],
  ["discovery.k8s.io", "EndpointSlice", ""],
  ["events.k8s.io", "Event", ""],
  ["extensions", "DaemonSet Deployment Ingress NetworkPolicy ReplicaSet", "PodSecurityPolicy"],
  ["flowcontrol.apiserver.k8s.io", "", "FlowSchema PriorityLevelConfiguration"],
  ["internal.apiserver.k8s.io", "", "StorageVersion"],
  ["metrics.k8s.io", "PodMetrics", "NodeMetrics"],
  ["networking.k8s.io", "Ingress NetworkPolicy", "IPAddress IngressClass ServiceCIDR"],
  ["node.k8s.io", "", "RuntimeClass"],
  ["policy", "PodDisruptionBudget", "PodSecurityPolicy"],
  ["rbac.authorization.k8s.io", "Role RoleBinding", "ClusterRole ClusterRoleBinding"],
  ["resource.k8s.io", "ResourceClaim ResourceClaimTemplate", "DeviceClass DeviceTaintRule ResourceSlice"],
  ["scheduling.k8s.io", "Workload", "PriorityClass"],
  ["settings.k8s.io", "PodPreset", ""],
  ["storage.k8s.io", "CSIStorageCapacity", "CSIDriver CSINode StorageClass VolumeAttachment VolumeAttributesClass"],
  ["storagemigration.k8s.io", "", "StorageVersionMigration"],
];

const oddPlurals: Record<string, string> = { Endpoints: "endpoints", NodeMetrics: "nodes", PodMetrics: "pods" };

const known = new Map(
  rows.flatMap(([group, namespaced, cluster]) =>
    [namespaced, cluster].flatMap((kinds, index) =>
      kinds
        .split(" ")
        .filter((kind) => kind !== "")
        .map((kind): [string, KindShape] => [
          kindKey({ group, kind }),
          { resource: guessPlural(kind), namespaced: index === 0 },
        ]),
    ),
  ),
);

/** Undefined for kinds that only a definition can tell of. */
export function builtIn(kind: GroupKind): KindShape | undefined {
  return known.get(kindKey(kind));
}

/** Whether Kubernetes itself owns a group: its kinds are all known, or came after this table. */
export function isOwnGroup(group: string): boolean {
  return rows.some(([own]) => own === group);
}

/** By the rule of English that all built-in kinds follow, and nearly all custom ones. */
export function guessPlural(kind: string): string {
  const word = kind.toLowerCase();
  const odd = oddPlurals[kind];
  if (odd !== undefined) return odd;
  if (/(?:s|x|z|ch|sh)$/.test(word)) return `${word}es`;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}
