import type { NetworkSettings, NewNetworkSettings } from "../settings/network-settings.js";

/** A filter of EC2's API: subnets and VPCs that have one of the values. */
export interface Filter {
  name: string;
  values: string[];
}

/** How a network that is there is asked for, and which key of the settings said so. */
export interface NetworkQuery {
  vpc: { key: string; filters: Filter[] };
  privateSubnets: { key: string; filters: Filter[] };
  publicSubnets: { key: string; filters: Filter[] } | undefined;
}

/** Each kind of network that is found rather than made. */
export function networkQuery(network: Exclude<NetworkSettings, NewNetworkSettings>): NetworkQuery {
  if (network.kind === "found") {
    const { vpcId, privateSubnetIds, publicSubnetIds } = network;
    const subnets = (key: string, ids: string[]) => ({ key, filters: [{ name: "subnet-id", values: ids }] });
    return {
      vpc: { key: "vpcId", filters: [{ name: "vpc-id", values: [vpcId] }] },
      privateSubnets: subnets("privateSubnetIds", privateSubnetIds),
      publicSubnets: publicSubnetIds.length === 0 ? undefined : subnets("publicSubnetIds", publicSubnetIds),
    };
  }
  if (network.kind === "tagged") {
    const { vpcTags, privateSubnetTags, publicSubnetTags } = network;
    return {
      vpc: { key: "vpcTags", filters: tagged(vpcTags) },
      privateSubnets: { key: "privateSubnetTags", filters: tagged(privateSubnetTags) },
      publicSubnets: publicSubnetTags && { key: "publicSubnetTags", filters: tagged(publicSubnetTags) },
    };
  }
  // kops calls public subnets Utility where its nodes are in private ones.
  const own = tagged({ KubernetesCluster: network.clusterName });
  const subnets = (...types: string[]) => ({
    key: "clusterName",
    filters: [...own, { name: "tag:SubnetType", values: types }],
  });
  return {
    vpc: { key: "clusterName", filters: own },
    privateSubnets: subnets("Private"),
    publicSubnets: subnets("Utility", "Public"),
  };
}

function tagged(tags: Record<string, string>): Filter[] {
  return Object.entries(tags).map(([key, value]) => ({ name: `tag:${key}`, values: [value] }));
}
