import type { Props } from "../../plugin/plugin.js";
import { given, type Kind, listOf, orGone, partOf } from "../kind.js";
import { tagChanges, tagsOf } from "../tags.js";

/** The control plane. Imported by its name. */
export const cluster: Kind = {
  replacedBy: ["name", "roleArn", "kubernetesNetworkConfig", "bootstrapSelfManagedAddons"],
  named: { property: "name", longest: 100 },
  tagged: true,
  async create({ call }, inputs) {
    const { provider, resources } = (inputs.encryptionConfig ?? {}) as Props;
    const types = (inputs.enabledClusterLogTypes ?? []) as string[];
    const params = given({
      name: inputs.name,
      version: inputs.version,
      roleArn: inputs.roleArn,
      resourcesVpcConfig: inputs.vpcConfig,
      accessConfig: inputs.accessConfig,
      upgradePolicy: inputs.upgradePolicy,
      kubernetesNetworkConfig: inputs.kubernetesNetworkConfig,
      bootstrapSelfManagedAddons: inputs.bootstrapSelfManagedAddons,
      logging: types.length > 0 ? logging(types, true) : undefined,
      encryptionConfig: provider === undefined ? undefined : [{ provider, resources }],
      tags: tagsOf(inputs),
    });
    return String(partOf(await call("eks", "CreateCluster", params), "cluster").name);
  },
  async read({ call }, id, inputs) {
    const found = await orGone(call("eks", "DescribeCluster", { name: id }));
    if (!found) return undefined;
    const live = partOf(found, "cluster");
    const [encryption] = listOf(live, "encryptionConfig");
    const [logs] = listOf(live, "logging", "clusterLogging").filter(({ enabled }) => enabled);
    const wanted = (inputs.enabledClusterLogTypes ?? []) as string[];
    const types = (logs?.types ?? []) as string[];
    return {
      arn: live.arn,
      name: live.name,
      version: live.version,
      roleArn: live.roleArn,
      status: live.status,
      endpoint: live.endpoint,
      certificateAuthority: live.certificateAuthority,
      identities: [{ oidcs: [partOf(partOf(live, "identity"), "oidc")] }],
      vpcConfig: live.resourcesVpcConfig,
      accessConfig: live.accessConfig,
      upgradePolicy: live.upgradePolicy,
      kubernetesNetworkConfig: live.kubernetesNetworkConfig,
      encryptionConfig: encryption,
      // A set: its order says nothing.
      enabledClusterLogTypes: [...types].sort().join() === [...wanted].sort().join() ? wanted : types,
      tagsAll: live.tags,
    };
  },
  async update({ call }, name, before, after) {
    const { set, unset } = tagChanges(before, after);
    const { arn } = partOf(await call("eks", "DescribeCluster", { name }), "cluster");
    if (Object.keys(set).length > 0) await call("eks", "TagResource", { resourceArn: arn, tags: set });
    if (unset.length > 0) await call("eks", "UntagResource", { resourceArn: arn, tagKeys: unset });
    if (before.version !== after.version) await call("eks", "UpdateClusterVersion", { name, version: after.version });
    const [had, wanted] = [before, after].map(
      ({ enabledClusterLogTypes }) => (enabledClusterLogTypes ?? []) as string[],
    );
    if (had?.join() !== wanted?.join()) {
      await call("eks", "UpdateClusterConfig", { name, logging: logging(wanted ?? [], true) });
    }
    if (JSON.stringify(before.vpcConfig) !== JSON.stringify(after.vpcConfig)) {
      await call("eks", "UpdateClusterConfig", { name, resourcesVpcConfig: after.vpcConfig });
    }
  },
  async delete({ call }, name) {
    await orGone(call("eks", "DeleteCluster", { name }));
  },
};

function logging(types: string[], enabled: boolean): Props {
  return { clusterLogging: [{ types, enabled }] };
}
