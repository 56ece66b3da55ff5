import { compareMinor, type KubeVersion, parseKubeVersion } from "../src/model/kube-version.js";
import { type ApiResource, type GroupKind, groupOf, versionOf } from "../src/model/objects.js";

/** One kind in one version that API servers stopped serving. */
export interface ApiRemoval extends GroupKind {
  version: string;
  /** The release that declared it deprecated, e.g. `1.21`; null for an alpha that went without a word. */
  deprecatedIn: string | null;
  /** The first release that doesn't serve it. */
  removedIn: string;
  /** The apiVersion that took its place at once, which may be removed in its turn (see replacementAt); null for none. */
  replacement: string | null;
}

type Row = [
  apiVersion: string,
  deprecatedIn: string | null,
  removedIn: string,
  replacement: string | null,
  kinds: string[],
];

/**
 * Source: what Kubernetes declares of each type in its API packages (`APILifecycleDeprecated` and `APILifecycleRemoved`,
 * read in the releases 1.21 to 1.35), and https://kubernetes.io/docs/reference/using-api/deprecation-guide/. Alpha versions
 * for which nothing is declared are here where their kinds found a successor or were of use to many; their release is the
 * first whose API server lacks them (read in 1.15 and 1.19 to 1.24). The discovery of a live server has the last word.
 */
const rows: Row[] = [
  // 1.14
  ["admissionregistration.k8s.io/v1alpha1", "1.13", "1.14", null, ["InitializerConfiguration"]],
  // 1.16
  ["apps/v1beta1", "1.8", "1.16", "apps/v1", ["ControllerRevision", "Deployment", "StatefulSet"]],
  ["apps/v1beta1", "1.8", "1.16", null, ["DeploymentRollback"]],
  ["apps/v1beta1", "1.8", "1.16", "autoscaling/v1", ["Scale"]],
  [
    "apps/v1beta2",
    "1.9",
    "1.16",
    "apps/v1",
    ["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
  ],
  ["apps/v1beta2", "1.9", "1.16", "autoscaling/v1", ["Scale"]],
  ["extensions/v1beta1", "1.8", "1.16", "apps/v1", ["DaemonSet", "Deployment", "ReplicaSet"]],
  ["extensions/v1beta1", "1.8", "1.16", null, ["DeploymentRollback"]],
  ["extensions/v1beta1", "1.9", "1.16", "networking.k8s.io/v1", ["NetworkPolicy"]],
  ["extensions/v1beta1", "1.11", "1.16", "policy/v1beta1", ["PodSecurityPolicy"]],
  ["extensions/v1beta1", "1.2", "1.16", "autoscaling/v1", ["Scale"]],
  // 1.19
  ["auditregistration.k8s.io/v1alpha1", null, "1.19", null, ["AuditSink"]],
  // 1.20
  ["settings.k8s.io/v1alpha1", null, "1.20", null, ["PodPreset"]],
  // 1.21
  ["batch/v2alpha1", null, "1.21", "batch/v1beta1", ["CronJob"]],
  ["discovery.k8s.io/v1alpha1", null, "1.21", "discovery.k8s.io/v1beta1", ["EndpointSlice"]],
  [
    "flowcontrol.apiserver.k8s.io/v1alpha1",
    "1.20",
    "1.21",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    ["FlowSchema", "PriorityLevelConfiguration"],
  ],
  // 1.22
  [
    "admissionregistration.k8s.io/v1beta1",
    "1.16",
    "1.22",
    "admissionregistration.k8s.io/v1",
    ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
  ],
  ["apiextensions.k8s.io/v1beta1", "1.16", "1.22", "apiextensions.k8s.io/v1", ["CustomResourceDefinition"]],
  ["apiregistration.k8s.io/v1beta1", "1.19", "1.22", "apiregistration.k8s.io/v1", ["APIService"]],
  ["authentication.k8s.io/v1beta1", "1.19", "1.22", "authentication.k8s.io/v1", ["TokenReview"]],
  [
    "authorization.k8s.io/v1beta1",
    "1.19",
    "1.22",
    "authorization.k8s.io/v1",
    ["LocalSubjectAccessReview", "SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"],
  ],
  ["certificates.k8s.io/v1beta1", "1.19", "1.22", "certificates.k8s.io/v1", ["CertificateSigningRequest"]],
  ["coordination.k8s.io/v1beta1", "1.19", "1.22", "coordination.k8s.io/v1", ["Lease"]],
  ["extensions/v1beta1", "1.14", "1.22", "networking.k8s.io/v1", ["Ingress"]],
  ["networking.k8s.io/v1beta1", "1.19", "1.22", "networking.k8s.io/v1", ["Ingress", "IngressClass"]],
  [
    "rbac.authorization.k8s.io/v1beta1",
    "1.17",
    "1.22",
    "rbac.authorization.k8s.io/v1",
    ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
  ],
  ["scheduling.k8s.io/v1beta1", "1.14", "1.22", "scheduling.k8s.io/v1", ["PriorityClass"]],
  ["storage.k8s.io/v1beta1", "1.19", "1.22", "storage.k8s.io/v1", ["CSIDriver", "StorageClass", "VolumeAttachment"]],
  ["storage.k8s.io/v1beta1", "1.17", "1.22", "storage.k8s.io/v1", ["CSINode"]],
  // 1.23
  [
    "rbac.authorization.k8s.io/v1alpha1",
    "1.17",
    "1.23",
    "rbac.authorization.k8s.io/v1",
    ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
  ],
  ["scheduling.k8s.io/v1alpha1", "1.14", "1.23", "scheduling.k8s.io/v1", ["PriorityClass"]],
  // 1.24
  ["node.k8s.io/v1alpha1", null, "1.24", "node.k8s.io/v1", ["RuntimeClass"]],
  ["storage.k8s.io/v1alpha1", "1.21", "1.24", "storage.k8s.io/v1beta1", ["CSIStorageCapacity"]],
  ["storage.k8s.io/v1alpha1", "1.21", "1.24", "storage.k8s.io/v1", ["VolumeAttachment"]],
  // 1.25
  ["autoscaling/v2beta1", "1.22", "1.25", "autoscaling/v2", ["HorizontalPodAutoscaler"]],
  ["batch/v1beta1", "1.21", "1.25", "batch/v1", ["CronJob"]],
  ["discovery.k8s.io/v1beta1", "1.21", "1.25", "discovery.k8s.io/v1", ["EndpointSlice"]],
  ["events.k8s.io/v1beta1", "1.22", "1.25", "events.k8s.io/v1", ["Event"]],
  ["node.k8s.io/v1beta1", "1.22", "1.25", "node.k8s.io/v1", ["RuntimeClass"]],
  ["policy/v1beta1", "1.22", "1.25", "policy/v1", ["Eviction"]],
  ["policy/v1beta1", "1.21", "1.25", "policy/v1", ["PodDisruptionBudget"]],
  ["policy/v1beta1", "1.21", "1.25", null, ["PodSecurityPolicy"]],
  // 1.26
  ["autoscaling/v2beta2", "1.23", "1.26", "autoscaling/v2", ["HorizontalPodAutoscaler"]],
  [
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "1.23",
    "1.26",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    ["FlowSchema", "PriorityLevelConfiguration"],
  ],
  // 1.27
  ["storage.k8s.io/v1beta1", "1.24", "1.27", "storage.k8s.io/v1", ["CSIStorageCapacity"]],
  // 1.29
  [
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "1.26",
    "1.29",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    ["FlowSchema", "PriorityLevelConfiguration"],
  ],
  // 1.32
  [
    "admissionregistration.k8s.io/v1alpha1",
    "1.29",
    "1.32",
    "admissionregistration.k8s.io/v1",
    ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
  ],
  ["authentication.k8s.io/v1alpha1", "1.29", "1.32", "authentication.k8s.io/v1", ["SelfSubjectReview"]],
  [
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "1.29",
    "1.32",
    "flowcontrol.apiserver.k8s.io/v1",
    ["FlowSchema", "PriorityLevelConfiguration"],
  ],
  // 1.33
  ["authentication.k8s.io/v1beta1", "1.30", "1.33", "authentication.k8s.io/v1", ["SelfSubjectReview"]],
  ["networking.k8s.io/v1alpha1", "1.30", "1.33", "networking.k8s.io/v1", ["IPAddress", "ServiceCIDR"]],
  // 1.34
  [
    "admissionregistration.k8s.io/v1beta1",
    "1.31",
    "1.34",
    "admissionregistration.k8s.io/v1",
    ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
  ],
  // 1.35
  ["storage.k8s.io/v1alpha1", "1.32", "1.35", "storage.k8s.io/v1", ["VolumeAttributesClass"]],
];

/** Every removal from 1.14 to 1.35, in the order of releases. */
export const apiRemovals: readonly ApiRemoval[] = rows.flatMap(
  ([apiVersion, deprecatedIn, removedIn, replacement, kinds]) =>
    kinds.map((kind) => ({
      group: groupOf(apiVersion),
      version: versionOf(apiVersion),
      kind,
      deprecatedIn,
      removedIn,
      replacement,
    })),
);

/** The removal of this kind in this version, whether or not some release has reached it; undefined where none is known. */
export function removalOf(
  removals: readonly ApiRemoval[],
  { group, version, kind }: Pick<ApiResource, "group" | "version" | "kind">,
): ApiRemoval | undefined {
  return removals.find((each) => each.group === group && each.version === version && each.kind === kind);
}

/** Whether a release no longer serves it. */
export function isRemovedAt(removal: ApiRemoval, release: KubeVersion): boolean {
  return reached(removal.removedIn, release);
}

/** Whether a release still serves it, but has declared it deprecated. */
export function isDeprecatedAt(removal: ApiRemoval, release: KubeVersion): boolean {
  return removal.deprecatedIn !== null && reached(removal.deprecatedIn, release) && !isRemovedAt(removal, release);
}

/**
 * The apiVersion to use instead at a release: replacements are followed until one is found that the release serves, so
 * flowcontrol v1beta1 leads to v1beta2 at 1.26 and to v1 at 1.35. Null where the kind has no successor there.
 */
export function replacementAt(
  removals: readonly ApiRemoval[],
  removal: ApiRemoval,
  release: KubeVersion,
): string | null {
  const { kind, replacement } = removal;
  if (replacement === null) return null;
  const next = removalOf(removals, { group: groupOf(replacement), version: versionOf(replacement), kind });
  return next && isRemovedAt(next, release) ? replacementAt(removals, next, release) : replacement;
}

function reached(minor: string, release: KubeVersion): boolean {
  const version = parseKubeVersion(minor);
  return version !== undefined && compareMinor(version, release) <= 0;
}
