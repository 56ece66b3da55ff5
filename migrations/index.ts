import type { Migration } from "../src/model/migration.js";
import type { GroupKind } from "../src/model/objects.js";
import { cronJob } from "./cron-job.js";
import { csiStorageCapacity } from "./csi-storage-capacity.js";
import { endpointSlice } from "./endpoint-slice.js";
import { event } from "./event.js";
import { flowSchema } from "./flow-schema.js";
import { horizontalPodAutoscalerV2beta1 } from "./horizontal-pod-autoscaler-v2beta1.js";
import { horizontalPodAutoscalerV2beta2 } from "./horizontal-pod-autoscaler-v2beta2.js";
import { ingressExtensions } from "./ingress-extensions.js";
import { ingressNetworking } from "./ingress-networking.js";
import { podDisruptionBudget } from "./pod-disruption-budget.js";
import { podSecurityPolicy } from "./pod-security-policy.js";
import { priorityLevelConfigurationV1beta2 } from "./priority-level-configuration-v1beta2.js";
import { priorityLevelConfigurationV1beta3 } from "./priority-level-configuration-v1beta3.js";
import { runtimeClass } from "./runtime-class.js";
import { validatingAdmissionPolicy } from "./validating-admission-policy.js";
import { validatingAdmissionPolicyBinding } from "./validating-admission-policy-binding.js";

/** Every API change that we know how to make, in the order of the releases that made it necessary. Register here. */
export const migrations: readonly Migration[] = [
  // 1.22
  ingressExtensions,
  ingressNetworking,
  // 1.25
  cronJob,
  endpointSlice,
  event,
  horizontalPodAutoscalerV2beta1,
  podDisruptionBudget,
  podSecurityPolicy,
  runtimeClass,
  // 1.26
  horizontalPodAutoscalerV2beta2,
  // 1.27
  csiStorageCapacity,
  // 1.29
  priorityLevelConfigurationV1beta2,
  // 1.32
  flowSchema,
  priorityLevelConfigurationV1beta3,
  // 1.34
  validatingAdmissionPolicy,
  validatingAdmissionPolicyBinding,
];

/** The migration that reads this kind in this version, if there is one. */
export function migrationFor(
  migrations: readonly Migration[],
  { group, kind }: GroupKind,
  version: string,
): Migration | undefined {
  return migrations.find(({ from }) => from.group === group && from.kind === kind && from.versions.includes(version));
}
