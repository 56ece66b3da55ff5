import { type Kind, listOf, orGone, partOf, samePolicy } from "../kind.js";
import { tagChanges, tagsOf } from "../tags.js";

const inKms = (tags: Record<string, string>) =>
  Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));

const key: Kind = {
  replacedBy: ["customerMasterKeySpec", "keyUsage", "multiRegion"],
  tagged: true,
  async create({ call }, inputs) {
    const { description: Description, policy: Policy } = inputs;
    const made = await call("kms", "CreateKey", { Description, Policy, Tags: inKms(tagsOf(inputs)) });
    const KeyId = String(partOf(made, "KeyMetadata").KeyId);
    if (inputs.enableKeyRotation) await call("kms", "EnableKeyRotation", { KeyId });
    return KeyId;
  },
  async read({ call }, id, inputs) {
    const found = await orGone(call("kms", "DescribeKey", { KeyId: id }));
    if (!found) return undefined;
    const live = partOf(found, "KeyMetadata");
    if (live.KeyState === "PendingDeletion") return undefined;
    const { Policy } = await call("kms", "GetKeyPolicy", { KeyId: id, PolicyName: "default" });
    const tags = listOf(await call("kms", "ListResourceTags", { KeyId: id }), "Tags");
    return {
      arn: live.Arn,
      keyId: id,
      description: live.Description,
      enableKeyRotation: (await call("kms", "GetKeyRotationStatus", { KeyId: id })).KeyRotationEnabled,
      policy: samePolicy(inputs.policy, String(Policy)),
      tagsAll: Object.fromEntries(tags.map(({ TagKey, TagValue }) => [TagKey, TagValue])),
    };
  },
  async update({ call }, KeyId, before, after) {
    const { set, unset } = tagChanges(before, after);
    if (Object.keys(set).length > 0) await call("kms", "TagResource", { KeyId, Tags: inKms(set) });
    if (unset.length > 0) await call("kms", "UntagResource", { KeyId, TagKeys: unset });
    await call("kms", "UpdateKeyDescription", { KeyId, Description: after.description });
    await call("kms", "PutKeyPolicy", { KeyId, PolicyName: "default", Policy: after.policy });
    await call("kms", after.enableKeyRotation ? "EnableKeyRotation" : "DisableKeyRotation", { KeyId });
  },
  async delete({ call }, KeyId, { deletionWindowInDays: PendingWindowInDays }) {
    await orGone(call("kms", "ScheduleKeyDeletion", { KeyId, PendingWindowInDays }));
  },
};

/** Imported by its name. */
const alias: Kind = {
  replacedBy: ["name"],
  async create({ call }, { name: AliasName, targetKeyId: TargetKeyId }) {
    await call("kms", "CreateAlias", { AliasName, TargetKeyId });
    return String(AliasName);
  },
  async read({ call }, id) {
    const live = listOf(await call("kms", "ListAliases"), "Aliases").find(({ AliasName }) => AliasName === id);
    return live && { name: id, arn: live.AliasArn, targetKeyId: live.TargetKeyId };
  },
  async update({ call }, AliasName, _before, { targetKeyId: TargetKeyId }) {
    await call("kms", "UpdateAlias", { AliasName, TargetKeyId });
  },
  async delete({ call }, AliasName) {
    await orGone(call("kms", "DeleteAlias", { AliasName }));
  },
};

export const keys: Record<string, Kind> = { "aws:kms/key:Key": key, "aws:kms/alias:Alias": alias };
