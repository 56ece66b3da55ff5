import type { Props } from "../plugin/plugin.js";
import { type Aws, listOf, partOf } from "./kind.js";

interface Filter {
  name: string;
  values: string[];
}

function filtersOf(args: Props, ...more: Filter[]): Props {
  const filters = [...((args.filters ?? []) as Filter[]), ...more];
  if (filters.length === 0) return {};
  return { Filters: filters.map(({ name, values }) => ({ Name: name, Values: values })) };
}

/** What programs look up, as the real provider answers. */
export const functions: Record<string, (aws: Aws, args: Props) => Promise<Props>> = {
  async "aws:index/getCallerIdentity:getCallerIdentity"({ call }) {
    const { Account, Arn, UserId } = await call("sts", "GetCallerIdentity");
    return { accountId: Account, arn: Arn, userId: UserId, id: Account };
  },
  async "aws:ec2/getVpcs:getVpcs"({ call }, args) {
    return { ids: listOf(await call("ec2", "DescribeVpcs", filtersOf(args)), "Vpcs").map(({ VpcId }) => VpcId) };
  },
  async "aws:ec2/getVpc:getVpc"({ call }, { id }) {
    const [vpc] = listOf(await call("ec2", "DescribeVpcs", { VpcIds: [id] }), "Vpcs");
    return { id, cidrBlock: vpc?.CidrBlock };
  },
  async "aws:ec2/getSubnets:getSubnets"({ call }, args) {
    const subnets = listOf(await call("ec2", "DescribeSubnets", filtersOf(args)), "Subnets");
    return { ids: subnets.map(({ SubnetId }) => SubnetId) };
  },
  async "aws:ec2/getSubnet:getSubnet"({ call }, { id }) {
    const [subnet] = listOf(await call("ec2", "DescribeSubnets", { SubnetIds: [id] }), "Subnets");
    return { id, vpcId: subnet?.VpcId, cidrBlock: subnet?.CidrBlock, availabilityZone: subnet?.AvailabilityZone };
  },
  async "aws:ec2/getNatGateways:getNatGateways"({ call }, args) {
    const inVpc = { name: "vpc-id", values: [String(args.vpcId)] };
    // This request alone calls them by another name.
    const { Filters } = filtersOf(args, inVpc);
    const gateways = listOf(await call("ec2", "DescribeNatGateways", { Filter: Filters }), "NatGateways");
    return { ids: gateways.map(({ NatGatewayId }) => NatGatewayId) };
  },
  async "aws:ec2/getNatGateway:getNatGateway"({ call }, { id }) {
    const [gateway] = listOf(await call("ec2", "DescribeNatGateways", { NatGatewayIds: [id] }), "NatGateways");
    return { id, publicIp: listOf(gateway, "NatGatewayAddresses")[0]?.PublicIp ?? "" };
  },
  async "aws:route53/getZone:getZone"({ call }, { name, privateZone }) {
    const wanted = `${String(name).replace(/\.$/, "")}.`;
    const zones = listOf(await call("route53", "ListHostedZones"), "HostedZones");
    const found = zones.filter(
      (zone) => zone.Name === wanted && (partOf(zone, "Config").PrivateZone ?? false) === (privateZone ?? false),
    );
    const [zone] = found;
    if (!zone || found.length > 1) throw new Error(`${found.length} hosted zones match ${wanted}`);
    const zoneId = String(zone.Id).split("/").at(-1);
    return { id: zoneId, zoneId, name: wanted.slice(0, -1) };
  },
};
