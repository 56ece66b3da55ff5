import { getNatGateway } from "@pulumi/aws/ec2/getNatGateway.js";
import { getNatGateways } from "@pulumi/aws/ec2/getNatGateways.js";
import { getSubnet } from "@pulumi/aws/ec2/getSubnet.js";
import { getSubnets } from "@pulumi/aws/ec2/getSubnets.js";
import { getVpc } from "@pulumi/aws/ec2/getVpc.js";
import { getVpcs } from "@pulumi/aws/ec2/getVpcs.js";
import type * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../src/model/errors.js";
import type { Subnet } from "../outputs.js";
import type { NetworkSettings, NewNetworkSettings } from "../settings/network-settings.js";
import { type NetworkQuery, networkQuery } from "./network-query.js";

/** A network that somebody else made. */
export interface FoundNetwork {
  vpcId: string;
  vpcCidr: string;
  privateSubnets: Subnet[];
  publicSubnets: Subnet[];
  /** Addresses of its NAT gateways; what leaves by other ways (a transit gateway, a proxy) isn't known here. */
  egressIps: string[];
}

/**
 * Looks a network up, blue's own for example, and never changes it. It is asked for before anything is made, so that what
 * doesn't do is refused in time.
 *
 * @throws UserError `config-invalid`, naming the key by which nothing was found, or not what EKS needs
 */
export async function findNetwork(
  network: Exclude<NetworkSettings, NewNetworkSettings>,
  options: pulumi.InvokeOptions,
): Promise<FoundNetwork> {
  const query = networkQuery(network);
  const { ids } = await getVpcs({ filters: query.vpc.filters }, options);
  const [vpcId] = ids;
  if (vpcId === undefined || ids.length > 1) {
    throw refusal(query.vpc.key, `${ids.length === 0 ? "no VPC" : `${ids.length} VPCs`} found by it`);
  }
  const privateSubnets = await findSubnets(query.privateSubnets, vpcId, options);
  const publicSubnets = query.publicSubnets ? await findSubnets(query.publicSubnets, vpcId, options) : [];
  requireAll(network, privateSubnets, publicSubnets);
  const zones = new Set(privateSubnets.map(({ zone }) => zone));
  if (zones.size < 2) {
    const where = [...zones].join("") || "none";
    throw refusal(
      query.privateSubnets.key,
      `EKS needs private subnets in at least 2 zones, and those of ${vpcId} are in ${where}`,
    );
  }
  const { cidrBlock } = await getVpc({ id: vpcId }, options);
  const egressIps = await natAddresses(vpcId, options);
  return { vpcId, vpcCidr: cidrBlock, privateSubnets, publicSubnets, egressIps };
}

/** What partners have in their allow-lists: it stays as it is, as green leaves by the same gateways. */
async function natAddresses(vpcId: string, options: pulumi.InvokeOptions): Promise<string[]> {
  const filters = [{ name: "state", values: ["available"] }];
  const { ids } = await getNatGateways({ vpcId, filters }, options);
  const gateways = await Promise.all(ids.map((id) => getNatGateway({ id }, options)));
  // A private gateway has none.
  return gateways.map(({ publicIp }) => publicIp).filter((address) => address !== "");
}

async function findSubnets(
  { filters }: NetworkQuery["privateSubnets"],
  vpcId: string,
  options: pulumi.InvokeOptions,
): Promise<Subnet[]> {
  const { ids } = await getSubnets({ filters: [{ name: "vpc-id", values: [vpcId] }, ...filters] }, options);
  const subnets = await Promise.all(ids.map((id) => getSubnet({ id }, options)));
  return subnets
    .map(({ id, availabilityZone }) => ({ id, zone: availabilityZone }))
    .sort((one, other) => `${one.zone} ${one.id}`.localeCompare(`${other.zone} ${other.id}`));
}

/** A subnet that was named and isn't in the VPC would only be left out. */
function requireAll(network: NetworkSettings, privateSubnets: Subnet[], publicSubnets: Subnet[]): void {
  if (network.kind !== "found") return;
  const sides = { privateSubnetIds: privateSubnets, publicSubnetIds: publicSubnets } as const;
  for (const [key, found] of Object.entries(sides) as [keyof typeof sides, Subnet[]][]) {
    const lacking = network[key].filter((id) => !found.some((subnet) => subnet.id === id));
    if (lacking.length > 0) throw refusal(key, `${lacking.join(", ")} isn't in ${network.vpcId}`);
  }
}

function refusal(key: string, what: string): UserError {
  return new UserError({
    code: "config-invalid",
    what: `clustershift:foundation.network.${key}: ${what}`,
    fix: "Mend it in the stack's configuration (Pulumi.<stack>.yaml), or name the subnets by their ids. Nothing was made.",
  });
}
