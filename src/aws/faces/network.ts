import type { Filter, NetworkInterface, RouteTable, Subnet } from "@aws-sdk/client-ec2";
import type { Egress, Endpoint, FaceNode, FaceRoute, FaceSubnet, Peering } from "../../model/faces.js";
import { chunksOf } from "../pages.js";
import type { Ec2Lists } from "./ec2-lists.js";

/** Subnets with their routes and ACLs. */
export async function subnetsBy(filters: Filter[], ec2: Ec2Lists): Promise<FaceSubnet[]> {
  return withRoutes(await ec2.subnets(filters), ec2);
}

export async function subnetsOf(ids: readonly string[], ec2: Ec2Lists): Promise<FaceSubnet[]> {
  const found: Subnet[] = [];
  for (const Values of chunksOf(ids)) found.push(...(await ec2.subnets([{ Name: "subnet-id", Values }])));
  return withRoutes(found, ec2);
}

async function withRoutes(subnets: readonly Subnet[], ec2: Ec2Lists): Promise<FaceSubnet[]> {
  const vpcs = [...new Set(subnets.flatMap(({ VpcId }) => VpcId ?? []))];
  if (vpcs.length === 0) return [];
  const inThem = [{ Name: "vpc-id", Values: vpcs }];
  const [tables, acls] = [await ec2.routeTables(inThem), await ec2.acls(inThem)];
  return subnets.map(({ SubnetId: id = "", VpcId: vpcId = "", CidrBlock: range = "" }): FaceSubnet => {
    const table = tableOf(id, vpcId, tables);
    const acl = acls.find(({ Associations = [] }) => Associations.some(({ SubnetId }) => SubnetId === id));
    return {
      id,
      vpcId,
      range,
      routes: (table?.Routes ?? []).flatMap(routeOf),
      ...(acl?.NetworkAclId && { aclId: acl.NetworkAclId }),
      ...(table?.RouteTableId && { routeTableId: table.RouteTableId }),
    };
  });
}

/** The subnet's own table, else its network's main one. */
function tableOf(subnetId: string, vpcId: string, tables: readonly RouteTable[]): RouteTable | undefined {
  const own = tables.filter((table) => table.VpcId === vpcId);
  return (
    own.find(({ Associations = [] }) => Associations.some(({ SubnetId }) => SubnetId === subnetId)) ??
    own.find(({ Associations = [] }) => Associations.some(({ Main }) => Main === true))
  );
}

type Route = NonNullable<RouteTable["Routes"]>[number];

/** Not those within the network, which each has, and not those that lead nowhere any more. */
function routeOf(route: Route): FaceRoute[] {
  const to = route.DestinationCidrBlock ?? route.DestinationPrefixListId ?? route.DestinationIpv6CidrBlock;
  const by =
    route.NatGatewayId ??
    route.VpcPeeringConnectionId ??
    route.TransitGatewayId ??
    route.NetworkInterfaceId ??
    route.InstanceId ??
    route.GatewayId ??
    route.EgressOnlyInternetGatewayId ??
    route.CarrierGatewayId ??
    route.LocalGatewayId;
  if (!to || !by || by === "local" || route.State === "blackhole") return [];
  return [{ to, by }];
}

/** The public addresses by which what stands in these subnets reaches the internet. */
export async function egressOf(
  subnets: readonly FaceSubnet[],
  nodes: readonly FaceNode[],
  ec2: Ec2Lists,
): Promise<Egress> {
  const ways = [
    ...new Set(subnets.flatMap(({ routes }) => routes.filter(({ to }) => to === "0.0.0.0/0").map(({ by }) => by))),
  ];
  const addresses: string[] = [];
  const unseen: string[] = [];
  const gateways = ways.filter((way) => way.startsWith("nat-"));
  if (gateways.length > 0) {
    const found = await ec2.natGateways([{ Name: "nat-gateway-id", Values: gateways }]);
    addresses.push(
      ...found.flatMap(({ NatGatewayAddresses = [] }) => NatGatewayAddresses.flatMap(({ PublicIp }) => PublicIp ?? [])),
    );
  }
  if (ways.some((way) => way.startsWith("igw-"))) addresses.push(...nodes.flatMap(({ publicIps }) => publicIps));
  for (const [prefix, Name] of [
    ["eni-", "network-interface-id"],
    ["i-", "attachment.instance-id"],
  ] as const) {
    const Values = ways.filter((way) => way.startsWith(prefix));
    if (Values.length > 0) addresses.push(...publicIpsOf(await ec2.interfaces([{ Name, Values }])));
  }
  unseen.push(...ways.filter((way) => !/^(nat|igw|eni|i)-/.test(way)));
  return { addresses: [...new Set(addresses)].sort(), unseen: unseen.sort() };
}

/** Of interfaces, or of an instance's. */
export function publicIpsOf(
  interfaces: readonly Pick<NetworkInterface, "PrivateIpAddresses" | "Association">[],
): string[] {
  return interfaces.flatMap(({ PrivateIpAddresses = [], Association }) => {
    const each = [Association?.PublicIp, ...PrivateIpAddresses.map((address) => address.Association?.PublicIp)];
    return [...new Set(each.flatMap((ip) => ip || []))];
  });
}

/** Active peerings of these networks, whoever asked for them. */
export async function peeringsOf(vpcIds: readonly string[], ec2: Ec2Lists): Promise<Peering[]> {
  return (await ec2.peerings()).flatMap(
    ({ VpcPeeringConnectionId: id = "", Status, RequesterVpcInfo = {}, AccepterVpcInfo = {} }) => {
      const [one, other] = [RequesterVpcInfo, AccepterVpcInfo];
      const ends = [one.VpcId ?? "", other.VpcId ?? ""] as [string, string];
      if (Status?.Code !== "active" || !ends.some((end) => vpcIds.includes(end))) return [];
      return [{ id, vpcIds: ends }];
    },
  );
}

export function endpointOf(endpoint: Awaited<ReturnType<Ec2Lists["endpoints"]>>[number]): Endpoint {
  return {
    id: endpoint.VpcEndpointId ?? "",
    vpcId: endpoint.VpcId ?? "",
    service: endpoint.ServiceName ?? "",
    type: endpoint.VpcEndpointType ?? "",
    routeTableIds: endpoint.RouteTableIds ?? [],
  };
}
