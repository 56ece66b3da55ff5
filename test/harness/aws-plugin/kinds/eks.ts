import { given, type Kind, listOf, orGone, partOf } from "../kind.js";
import { tagChanges, tagsOf } from "../tags.js";
import { cluster } from "./eks-cluster.js";
import { nodeGroup } from "./eks-node-group.js";

/** Imported as CLUSTER:PRINCIPAL. */
const accessEntry: Kind = {
  replacedBy: ["clusterName", "principalArn", "type"],
  tagged: true,
  async create({ call }, inputs) {
    const { clusterName, principalArn, type } = inputs;
    await call("eks", "CreateAccessEntry", given({ clusterName, principalArn, type, tags: tagsOf(inputs) }));
    return `${clusterName}:${principalArn}`;
  },
  async read({ call }, id) {
    const [clusterName, principalArn] = splitOnce(id, ":");
    const found = await orGone(call("eks", "DescribeAccessEntry", { clusterName, principalArn }));
    if (!found) return undefined;
    const { accessEntryArn, type, tags } = partOf(found, "accessEntry");
    return { clusterName, principalArn, accessEntryArn, type, tagsAll: tags };
  },
  async update({ call }, id, before, after) {
    const [clusterName, principalArn] = splitOnce(id, ":");
    const found = await call("eks", "DescribeAccessEntry", { clusterName, principalArn });
    const resourceArn = partOf(found, "accessEntry").accessEntryArn;
    const { set, unset } = tagChanges(before, after);
    if (Object.keys(set).length > 0) await call("eks", "TagResource", { resourceArn, tags: set });
    if (unset.length > 0) await call("eks", "UntagResource", { resourceArn, tagKeys: unset });
  },
  async delete({ call }, _id, { clusterName, principalArn }) {
    await orGone(call("eks", "DeleteAccessEntry", { clusterName, principalArn }));
  },
};

/** Imported as CLUSTER#PRINCIPAL#POLICY. */
const accessPolicyAssociation: Kind = {
  replacedBy: ["accessScope", "clusterName", "policyArn", "principalArn"],
  async create({ call }, { clusterName, principalArn, policyArn, accessScope }) {
    await call("eks", "AssociateAccessPolicy", { clusterName, principalArn, policyArn, accessScope });
    return `${clusterName}#${principalArn}#${policyArn}`;
  },
  async read({ call }, id) {
    const [clusterName, principalArn, policyArn] = id.split("#");
    const found = await orGone(call("eks", "ListAssociatedAccessPolicies", { clusterName, principalArn }));
    const live = listOf(found, "associatedAccessPolicies").find((each) => each.policyArn === policyArn);
    if (!live) return undefined;
    const { type, namespaces } = partOf(live, "accessScope");
    const scoped = (namespaces as string[]).length > 0 ? { type, namespaces } : { type };
    return { clusterName, principalArn, policyArn, accessScope: scoped };
  },
  async delete({ call }, _id, { clusterName, principalArn, policyArn }) {
    await orGone(call("eks", "DisassociateAccessPolicy", { clusterName, principalArn, policyArn }));
  },
};

/** Imported as CLUSTER:ADD-ON. */
const addon: Kind = {
  replacedBy: ["addonName", "clusterName"],
  tagged: true,
  async create({ call }, inputs) {
    const { clusterName, addonName } = inputs;
    await call(
      "eks",
      "CreateAddon",
      given({
        clusterName,
        addonName,
        addonVersion: inputs.addonVersion,
        configurationValues: inputs.configurationValues,
        podIdentityAssociations: inputs.podIdentityAssociations,
        resolveConflicts: inputs.resolveConflictsOnCreate,
        tags: tagsOf(inputs),
      }),
    );
    return `${clusterName}:${addonName}`;
  },
  async read({ call }, id, inputs) {
    const [clusterName, addonName] = splitOnce(id, ":");
    const found = await orGone(call("eks", "DescribeAddon", { clusterName, addonName }));
    if (!found) return undefined;
    const live = partOf(found, "addon");
    const associations = ((live.podIdentityAssociations ?? []) as string[]).map(async (arn) => {
      const associationId = arn.split("/").at(-1);
      const answer = await call("eks", "DescribePodIdentityAssociation", { clusterName, associationId });
      const { serviceAccount, roleArn } = partOf(answer, "association");
      return { serviceAccount, roleArn };
    });
    return {
      arn: live.addonArn,
      clusterName,
      addonName,
      addonVersion: live.addonVersion,
      ...(inputs.configurationValues === undefined ? {} : { configurationValues: live.configurationValues }),
      podIdentityAssociations: await Promise.all(associations),
      tagsAll: live.tags,
    };
  },
  async update({ call }, _id, before, after) {
    const { clusterName, addonName } = after;
    const { set, unset } = tagChanges(before, after);
    const { addonArn: resourceArn } = partOf(await call("eks", "DescribeAddon", { clusterName, addonName }), "addon");
    if (Object.keys(set).length > 0) await call("eks", "TagResource", { resourceArn, tags: set });
    if (unset.length > 0) await call("eks", "UntagResource", { resourceArn, tagKeys: unset });
    await call(
      "eks",
      "UpdateAddon",
      given({
        clusterName,
        addonName,
        addonVersion: after.addonVersion,
        configurationValues: after.configurationValues,
        podIdentityAssociations: after.podIdentityAssociations,
        resolveConflicts: after.resolveConflictsOnUpdate,
      }),
    );
  },
  async delete({ call }, _id, { clusterName, addonName }) {
    await orGone(call("eks", "DeleteAddon", { clusterName, addonName }));
  },
};

/** Imported as CLUSTER,ID. */
const podIdentityAssociation: Kind = {
  replacedBy: ["clusterName", "namespace", "serviceAccount"],
  tagged: true,
  async create({ call }, inputs) {
    const { clusterName, namespace, serviceAccount, roleArn } = inputs;
    const params = { clusterName, namespace, serviceAccount, roleArn, tags: tagsOf(inputs) };
    const made = await call("eks", "CreatePodIdentityAssociation", params);
    return String(partOf(made, "association").associationId);
  },
  async read({ call }, id, inputs) {
    const [clusterName, associationId] = id.includes(",") ? id.split(",") : [inputs.clusterName, id];
    const found = await orGone(call("eks", "DescribePodIdentityAssociation", { clusterName, associationId }));
    if (!found) return undefined;
    const { associationArn, namespace, serviceAccount, roleArn, tags } = partOf(found, "association");
    return {
      id: associationId,
      associationId,
      associationArn,
      clusterName,
      namespace,
      serviceAccount,
      roleArn,
      tagsAll: tags,
    };
  },
  async update({ call }, associationId, _before, { clusterName, roleArn }) {
    await call("eks", "UpdatePodIdentityAssociation", { clusterName, associationId, roleArn });
  },
  async delete({ call }, associationId, { clusterName }) {
    await orGone(call("eks", "DeletePodIdentityAssociation", { clusterName, associationId }));
  },
};

function splitOnce(id: string, separator: string): [string, string] {
  const at = id.indexOf(separator);
  return [id.slice(0, at), id.slice(at + separator.length)];
}

export const eks: Record<string, Kind> = {
  "aws:eks/cluster:Cluster": cluster,
  "aws:eks/nodeGroup:NodeGroup": nodeGroup,
  "aws:eks/accessEntry:AccessEntry": accessEntry,
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": accessPolicyAssociation,
  "aws:eks/addon:Addon": addon,
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": podIdentityAssociation,
};
