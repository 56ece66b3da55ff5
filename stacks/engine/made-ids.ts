import type { StateResource } from "./state.js";

/**
 * What can be said of a resource that was being made when the engine was killed.
 *
 * - `again`: making it once more does no harm, whether it is there or not
 * - `id`: what it is called if it is there; the engine asks the provider whether it is
 */
export type MadeId = { kind: "again" } | { kind: "id"; id: string };

type Inputs = Record<string, unknown>;

const again = (): MadeId => ({ kind: "again" });
const named =
  (idOf: (inputs: Inputs) => string) =>
  (inputs: Inputs): MadeId => ({ kind: "id", id: idOf(inputs) });

/** By type: ids as `pulumi import` takes them. Of types that aren't here AWS gives the id, and somebody must look. */
const types: Record<string, (inputs: Inputs) => MadeId> = {
  "aws:cloudwatch/logGroup:LogGroup": named(({ name }) => `${name}`),
  "aws:eks/accessEntry:AccessEntry": named(({ clusterName, principalArn }) => `${clusterName}:${principalArn}`),
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": again,
  "aws:eks/addon:Addon": named(({ clusterName, addonName }) => `${clusterName}:${addonName}`),
  "aws:eks/cluster:Cluster": named(({ name }) => `${name}`),
  "aws:eks/nodeGroup:NodeGroup": named(({ clusterName, nodeGroupName }) => `${clusterName}:${nodeGroupName}`),
  "aws:iam/role:Role": named(({ name }) => `${name}`),
  "aws:iam/rolePolicy:RolePolicy": again,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": named(({ role, policyArn }) => `${role}/${policyArn}`),
  // Its create is idempotent by contract.
  "pulumi-nodejs:dynamic:Resource": again,
};

/** Undefined where it can't be said without looking. */
export function madeId({ type, custom, inputs }: StateResource): MadeId | undefined {
  // Components, what Pulumi keeps for itself, and objects that are applied by their names.
  if (!custom || type.startsWith("pulumi:") || type.startsWith("kubernetes:")) return again();
  return types[type]?.(inputs);
}
