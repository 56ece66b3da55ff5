import type { Props } from "../../plugin/plugin.js";
import { given, type Kind, orGone, partOf } from "../kind.js";
import { tagChanges, tagsOf } from "../tags.js";

/** Imported as CLUSTER:NAME. */
export const nodeGroup: Kind = {
  replacedBy: [
    "amiType",
    "capacityType",
    "clusterName",
    "instanceTypes",
    "launchTemplate.id",
    "nodeGroupName",
    "nodeRoleArn",
    "subnetIds",
  ],
  named: { property: "nodeGroupName", longest: 63 },
  tagged: true,
  async create({ call }, inputs) {
    const { clusterName, nodeGroupName } = inputs;
    await call(
      "eks",
      "CreateNodegroup",
      given({
        clusterName,
        nodegroupName: nodeGroupName,
        version: inputs.version,
        nodeRole: inputs.nodeRoleArn,
        subnets: inputs.subnetIds,
        amiType: inputs.amiType,
        capacityType: inputs.capacityType,
        instanceTypes: inputs.instanceTypes,
        launchTemplate: inputs.launchTemplate,
        labels: inputs.labels,
        taints: inputs.taints,
        scalingConfig: inputs.scalingConfig,
        updateConfig: inputs.updateConfig,
        tags: tagsOf(inputs),
      }),
    );
    return `${clusterName}:${nodeGroupName}`;
  },
  async read({ call }, id, inputs) {
    const [clusterName, nodegroupName] = id.split(":");
    const found = await orGone(call("eks", "DescribeNodegroup", { clusterName, nodegroupName }));
    if (!found) return undefined;
    const live = partOf(found, "nodegroup");
    return {
      arn: live.nodegroupArn,
      clusterName,
      nodeGroupName: nodegroupName,
      nodeRoleArn: live.nodeRole,
      subnetIds: live.subnets,
      amiType: live.amiType,
      capacityType: live.capacityType,
      instanceTypes: live.instanceTypes,
      launchTemplate: live.launchTemplate,
      labels: live.labels,
      taints: live.taints ?? [],
      scalingConfig: live.scalingConfig,
      updateConfig: live.updateConfig ?? inputs.updateConfig,
      status: live.status,
      tagsAll: live.tags,
    };
  },
  async update({ call }, id, before, after) {
    const [clusterName, nodegroupName] = id.split(":");
    const { set, unset } = tagChanges(before, after);
    const described = await call("eks", "DescribeNodegroup", { clusterName, nodegroupName });
    const resourceArn = partOf(described, "nodegroup").nodegroupArn;
    if (Object.keys(set).length > 0) await call("eks", "TagResource", { resourceArn, tags: set });
    if (unset.length > 0) await call("eks", "UntagResource", { resourceArn, tagKeys: unset });
    await call("eks", "UpdateNodegroupConfig", {
      clusterName,
      nodegroupName,
      labels: labelChanges(before.labels, after.labels),
      taints: taintChanges(before.taints, after.taints),
      scalingConfig: after.scalingConfig,
      ...given({ updateConfig: after.updateConfig }),
    });
    const versionOf = (inputs: Props) => partOf(inputs, "launchTemplate").version;
    if (before.version !== after.version || versionOf(before) !== versionOf(after)) {
      const { version, launchTemplate } = after;
      await call("eks", "UpdateNodegroupVersion", given({ clusterName, nodegroupName, version, launchTemplate }));
    }
  },
  async delete({ call }, id) {
    const [clusterName, nodegroupName] = id.split(":");
    await orGone(call("eks", "DeleteNodegroup", { clusterName, nodegroupName }));
  },
};

function labelChanges(before: unknown, after: unknown): Props {
  const [had, wanted] = [before, after].map((each) => (each ?? {}) as Record<string, string>);
  const removeLabels = Object.keys(had ?? {}).filter((key) => wanted?.[key] === undefined);
  return { addOrUpdateLabels: wanted, ...(removeLabels.length > 0 && { removeLabels }) };
}

function taintChanges(before: unknown, after: unknown): Props {
  const [had, wanted] = [before, after].map((each) => (each ?? []) as Props[]);
  const removeTaints = (had ?? []).filter(
    (taint) => !wanted?.some(({ key, effect }) => key === taint.key && effect === taint.effect),
  );
  return given({
    addOrUpdateTaints: wanted && wanted.length > 0 ? wanted : undefined,
    removeTaints: removeTaints.length > 0 ? removeTaints : undefined,
  });
}
