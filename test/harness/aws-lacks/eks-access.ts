import type { Params } from "../aws-api/check.js";
import type { Handlers } from "./eks.js";
import { type ClusterState, invalid, need, newId, refuseExisting } from "./eks-state.js";

const accessPolicies = [
  "AmazonEKSClusterAdminPolicy",
  "AmazonEKSAdminPolicy",
  "AmazonEKSEditPolicy",
  "AmazonEKSViewPolicy",
];

/** Who may use a cluster. */
export const accessHandlers: Handlers = {
  CreateAccessEntry({ cluster, arn }, params) {
    const { clusterName, principalArn, type = "STANDARD", tags = {} } = params;
    refuseExisting(cluster.entries.has(String(principalArn)), `Access entry of ${principalArn}`);
    const entry = newEntry(arn, { clusterName, principalArn, type, tags });
    cluster.entries.set(String(principalArn), { entry, policies: new Map() });
    return { accessEntry: entry };
  },
  DescribeAccessEntry: ({ cluster }, params) => ({ accessEntry: entryOf(cluster, params).entry }),
  ListAccessEntries: ({ cluster }) => ({ accessEntries: [...cluster.entries.keys()] }),
  DeleteAccessEntry({ cluster }, params) {
    entryOf(cluster, params);
    cluster.entries.delete(String(params.principalArn));
    return {};
  },
  AssociateAccessPolicy({ cluster }, params) {
    const { policies } = entryOf(cluster, params);
    const { policyArn, accessScope, clusterName, principalArn } = params;
    if (!accessPolicies.some((name) => String(policyArn).endsWith(`:cluster-access-policy/${name}`))) {
      throw invalid(`The policyArn parameter format is not valid: ${policyArn}`);
    }
    const { type, namespaces = [] } = accessScope as Params;
    const associated = { policyArn, accessScope: { type, namespaces } };
    policies.set(String(policyArn), associated);
    return { clusterName, principalArn, associatedAccessPolicy: associated };
  },
  ListAssociatedAccessPolicies({ cluster }, params) {
    const { clusterName, principalArn } = params;
    return { clusterName, principalArn, associatedAccessPolicies: [...entryOf(cluster, params).policies.values()] };
  },
  DisassociateAccessPolicy({ cluster }, params) {
    const { policies } = entryOf(cluster, params);
    need(policies.get(String(params.policyArn)), `association of ${params.policyArn}`);
    policies.delete(String(params.policyArn));
    return {};
  },
};

export function newEntry(arn: (kind: string, name: string) => string, entry: Params): Params {
  const { clusterName, principalArn } = entry;
  const name = String(principalArn).split("/").at(-1);
  const accessEntryArn = arn("access-entry", `${clusterName}/role/123456789012/${name}/${newId("")}`);
  return { kubernetesGroups: [], username: principalArn, accessEntryArn, ...entry };
}

function entryOf(cluster: ClusterState, { principalArn }: Params) {
  return need(cluster.entries.get(String(principalArn)), `access entry of ${principalArn}`);
}
