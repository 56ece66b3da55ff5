import { type Kind, listOf, orGone, partOf, samePolicy } from "../kind.js";
import { fromTagList, tagChanges, tagList, tagsOf } from "../tags.js";

const role: Kind = {
  replacedBy: ["name", "path"],
  named: { property: "name", longest: 64 },
  tagged: true,
  async create({ call }, inputs) {
    const made = await call("iam", "CreateRole", {
      RoleName: inputs.name,
      AssumeRolePolicyDocument: inputs.assumeRolePolicy,
      Tags: tagList(tagsOf(inputs)),
    });
    return String(partOf(made, "Role").RoleName);
  },
  async read({ call }, id, inputs) {
    const found = await orGone(call("iam", "GetRole", { RoleName: id }));
    if (!found) return undefined;
    const live = partOf(found, "Role");
    const trust = decodeURIComponent(String(live.AssumeRolePolicyDocument));
    return {
      arn: live.Arn,
      name: live.RoleName,
      uniqueId: live.RoleId,
      assumeRolePolicy: samePolicy(inputs.assumeRolePolicy, trust),
      tagsAll: fromTagList(live.Tags),
    };
  },
  async update({ call }, id, before, after) {
    const { set, unset } = tagChanges(before, after);
    if (Object.keys(set).length > 0) await call("iam", "TagRole", { RoleName: id, Tags: tagList(set) });
    if (unset.length > 0) await call("iam", "UntagRole", { RoleName: id, TagKeys: unset });
    await call("iam", "UpdateAssumeRolePolicy", { RoleName: id, PolicyDocument: after.assumeRolePolicy });
  },
  async delete({ call }, id) {
    await orGone(call("iam", "DeleteRole", { RoleName: id }));
  },
};

/** Imported as ROLE:NAME. */
const rolePolicy: Kind = {
  replacedBy: ["role", "name"],
  named: { property: "name", longest: 128 },
  async create({ call }, { role: RoleName, name: PolicyName, policy: PolicyDocument }) {
    await call("iam", "PutRolePolicy", { RoleName, PolicyName, PolicyDocument });
    return `${RoleName}:${PolicyName}`;
  },
  async read({ call }, id, inputs) {
    const [RoleName, PolicyName] = id.split(":");
    const live = await orGone(call("iam", "GetRolePolicy", { RoleName, PolicyName }));
    if (!live) return undefined;
    const policy = samePolicy(inputs.policy, decodeURIComponent(String(live.PolicyDocument)));
    return { role: RoleName, name: PolicyName, policy };
  },
  async update({ call }, _id, _before, { role: RoleName, name: PolicyName, policy: PolicyDocument }) {
    await call("iam", "PutRolePolicy", { RoleName, PolicyName, PolicyDocument });
  },
  async delete({ call }, _id, { role: RoleName, name: PolicyName }) {
    await orGone(call("iam", "DeleteRolePolicy", { RoleName, PolicyName }));
  },
};

/** Imported as ROLE/ARN. */
const attachment: Kind = {
  replacedBy: ["role", "policyArn"],
  async create({ call }, { role: RoleName, policyArn: PolicyArn }) {
    await call("iam", "AttachRolePolicy", { RoleName, PolicyArn });
    return `${RoleName}/${PolicyArn}`;
  },
  async read({ call }, id) {
    const RoleName = id.slice(0, id.indexOf("/"));
    const policyArn = id.slice(RoleName.length + 1);
    const found = await orGone(call("iam", "ListAttachedRolePolicies", { RoleName }));
    const there = listOf(found, "AttachedPolicies").some(({ PolicyArn }) => PolicyArn === policyArn);
    return there ? { role: RoleName, policyArn } : undefined;
  },
  async delete({ call }, _id, { role: RoleName, policyArn: PolicyArn }) {
    await orGone(call("iam", "DetachRolePolicy", { RoleName, PolicyArn }));
  },
};

const openIdConnectProvider: Kind = {
  replacedBy: ["url"],
  tagged: true,
  async create({ call }, inputs) {
    const made = await call("iam", "CreateOpenIDConnectProvider", {
      Url: inputs.url,
      ClientIDList: inputs.clientIdLists,
      Tags: tagList(tagsOf(inputs)),
    });
    return String(made.OpenIDConnectProviderArn);
  },
  async read({ call }, id) {
    const live = await orGone(call("iam", "GetOpenIDConnectProvider", { OpenIDConnectProviderArn: id }));
    if (!live) return undefined;
    const url = String(live.Url);
    return {
      arn: id,
      url: url.startsWith("https://") ? url : `https://${url}`,
      clientIdLists: live.ClientIDList,
      tagsAll: fromTagList(live.Tags),
    };
  },
  async update({ call }, id, before, after) {
    const { set, unset } = tagChanges(before, after);
    const provider = { OpenIDConnectProviderArn: id };
    if (Object.keys(set).length > 0) await call("iam", "TagOpenIDConnectProvider", { ...provider, Tags: tagList(set) });
    if (unset.length > 0) await call("iam", "UntagOpenIDConnectProvider", { ...provider, TagKeys: unset });
  },
  async delete({ call }, id) {
    await orGone(call("iam", "DeleteOpenIDConnectProvider", { OpenIDConnectProviderArn: id }));
  },
};

export const iam: Record<string, Kind> = {
  "aws:iam/role:Role": role,
  "aws:iam/rolePolicy:RolePolicy": rolePolicy,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": attachment,
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": openIdConnectProvider,
};
