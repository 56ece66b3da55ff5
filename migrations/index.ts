import type { Migration } from "../src/model/migration.js";
import type { GroupKind } from "../src/model/objects.js";
import { auditSink } from "./audit-sink.js";
import { certificateSigningRequest } from "./certificate-signing-request.js";
import { clusterRoleBinding } from "./cluster-role-binding.js";
import { customResourceDefinition } from "./custom-resource-definition.js";
import { daemonSetExtensions } from "./daemon-set-extensions.js";
import { deploymentApps } from "./deployment-apps.js";
import { deploymentExtensions } from "./deployment-extensions.js";
import { endpointSlice } from "./endpoint-slice.js";
import { event } from "./event.js";
import { horizontalPodAutoscalerV2beta1 } from "./horizontal-pod-autoscaler-v2beta1.js";
import { horizontalPodAutoscalerV2beta2 } from "./horizontal-pod-autoscaler-v2beta2.js";
import { ingressExtensions } from "./ingress-extensions.js";
import { ingressNetworking } from "./ingress-networking.js";
import { initializerConfiguration } from "./initializer-configuration.js";
import { mutatingWebhookConfiguration } from "./mutating-webhook-configuration.js";
import { podDisruptionBudget } from "./pod-disruption-budget.js";
import { podPreset } from "./pod-preset.js";
import { podSecurityPolicy } from "./pod-security-policy.js";
import { podSecurityPolicyExtensions } from "./pod-security-policy-extensions.js";
import { priorityLevelConfigurationV1beta2 } from "./priority-level-configuration-v1beta2.js";
import { priorityLevelConfigurationV1beta3 } from "./priority-level-configuration-v1beta3.js";
import { replicaSetExtensions } from "./replica-set-extensions.js";
import { roleBinding } from "./role-binding.js";
import { runtimeClass } from "./runtime-class.js";
import { versionOnly } from "./shared/version-only.js";
import { statefulSet } from "./stateful-set.js";
import { validatingAdmissionPolicyBinding } from "./validating-admission-policy-binding.js";
import { validatingWebhookConfiguration } from "./validating-webhook-configuration.js";

const admission = "admissionregistration.k8s.io";
const flowcontrol = "flowcontrol.apiserver.k8s.io";
const networking = "networking.k8s.io";
const rbac = "rbac.authorization.k8s.io";
const scheduling = "scheduling.k8s.io";
const storage = "storage.k8s.io";

/**
 * Every API change that we know how to make, in the order of the releases that made it necessary. Register here: what
 * changes more than its version is a file of its own.
 */
export const migrations: readonly Migration[] = [
  // 1.14
  initializerConfiguration,
  // 1.16
  versionOnly("controller-revision", "apps", "ControllerRevision", ["v1beta1", "v1beta2"], "1.16"),
  daemonSetExtensions,
  versionOnly("daemon-set-apps", "apps", "DaemonSet", ["v1beta2"], "1.16"),
  deploymentExtensions,
  deploymentApps,
  versionOnly("network-policy", "extensions", "NetworkPolicy", ["v1beta1"], "1.16", "networking.k8s.io/v1"),
  // For as long as there is a successor; from 1.25 on see below.
  versionOnly("pod-security-policy-group", "extensions", "PodSecurityPolicy", ["v1beta1"], "1.16", "policy/v1beta1"),
  replicaSetExtensions,
  versionOnly("replica-set-apps", "apps", "ReplicaSet", ["v1beta2"], "1.16"),
  statefulSet,
  // 1.19
  auditSink,
  // 1.20
  podPreset,
  // 1.22
  versionOnly("api-service", "apiregistration.k8s.io", "APIService", ["v1beta1"], "1.22"),
  certificateSigningRequest,
  versionOnly("csi-driver", storage, "CSIDriver", ["v1beta1"], "1.22"),
  versionOnly("csi-node", storage, "CSINode", ["v1beta1"], "1.22"),
  customResourceDefinition,
  versionOnly("ingress-class", networking, "IngressClass", ["v1beta1"], "1.22"),
  ingressExtensions,
  ingressNetworking,
  versionOnly("lease", "coordination.k8s.io", "Lease", ["v1beta1"], "1.22"),
  mutatingWebhookConfiguration,
  versionOnly("storage-class", storage, "StorageClass", ["v1beta1"], "1.22"),
  validatingWebhookConfiguration,
  // 1.23
  versionOnly("cluster-role", rbac, "ClusterRole", ["v1alpha1", "v1beta1"], "1.23"),
  clusterRoleBinding,
  versionOnly("priority-class", scheduling, "PriorityClass", ["v1alpha1", "v1beta1"], "1.23"),
  versionOnly("role", rbac, "Role", ["v1alpha1", "v1beta1"], "1.23"),
  roleBinding,
  // 1.24
  versionOnly("volume-attachment", storage, "VolumeAttachment", ["v1alpha1", "v1beta1"], "1.24"),
  // 1.25
  versionOnly("cron-job", "batch", "CronJob", ["v2alpha1", "v1beta1"], "1.25"),
  endpointSlice,
  event,
  horizontalPodAutoscalerV2beta1,
  podDisruptionBudget,
  podSecurityPolicy,
  podSecurityPolicyExtensions,
  runtimeClass,
  // 1.26
  horizontalPodAutoscalerV2beta2,
  // 1.27
  versionOnly("csi-storage-capacity", storage, "CSIStorageCapacity", ["v1alpha1", "v1beta1"], "1.27"),
  // 1.29
  priorityLevelConfigurationV1beta2,
  // 1.32
  versionOnly("flow-schema", flowcontrol, "FlowSchema", ["v1alpha1", "v1beta1", "v1beta2", "v1beta3"], "1.32"),
  priorityLevelConfigurationV1beta3,
  // 1.33
  versionOnly("ip-address", networking, "IPAddress", ["v1alpha1"], "1.33"),
  versionOnly("service-cidr", networking, "ServiceCIDR", ["v1alpha1"], "1.33"),
  // 1.34. Unlike for webhooks, the old versions' defaults are those of v1.
  versionOnly("validating-admission-policy", admission, "ValidatingAdmissionPolicy", ["v1alpha1", "v1beta1"], "1.34"),
  validatingAdmissionPolicyBinding,
  // 1.35
  versionOnly("volume-attributes-class", storage, "VolumeAttributesClass", ["v1alpha1"], "1.35"),
];

/** The migration that reads this kind in this version, if there is one. */
export function migrationFor(
  migrations: readonly Migration[],
  { group, kind }: GroupKind,
  version: string,
): Migration | undefined {
  return migrations.find(({ from }) => from.group === group && from.kind === kind && from.versions.includes(version));
}
