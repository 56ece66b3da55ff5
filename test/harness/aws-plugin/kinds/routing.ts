import { crc32 } from "node:zlib";
import { type Kind, listOf, orGone, partOf } from "../kind.js";
import { fromTagList, retag, tagged } from "../tags.js";

/** How packets leave a subnet. */

const routeTable: Kind = {
  replacedBy: ["vpcId"],
  tagged: true,
  async create({ call }, inputs) {
    const made = await call("ec2", "CreateRouteTable", { VpcId: inputs.vpcId, ...tagged("route-table", inputs) });
    return String(partOf(made, "RouteTable").RouteTableId);
  },
  async read({ call }, id) {
    const found = await orGone(call("ec2", "DescribeRouteTables", { RouteTableIds: [id] }));
    const [live] = listOf(found, "RouteTables");
    return live && { vpcId: live.VpcId, tagsAll: fromTagList(live.Tags) };
  },
  update: retag,
  async delete({ call }, id) {
    await orGone(call("ec2", "DeleteRouteTable", { RouteTableId: id }));
  },
};

/** Imported as TABLE_RANGE. */
const route: Kind = {
  replacedBy: ["routeTableId", "destinationCidrBlock"],
  async create({ call }, { routeTableId, destinationCidrBlock, gatewayId, natGatewayId }) {
    await call("ec2", "CreateRoute", {
      RouteTableId: routeTableId,
      DestinationCidrBlock: destinationCidrBlock,
      GatewayId: gatewayId,
      NatGatewayId: natGatewayId,
    });
    return routeId(routeTableId, destinationCidrBlock);
  },
  async read({ call }, id, inputs) {
    const [table, range] = id.startsWith("r-") ? [inputs.routeTableId, inputs.destinationCidrBlock] : id.split("_");
    const found = await orGone(call("ec2", "DescribeRouteTables", { RouteTableIds: [table] }));
    const routes = listOf(listOf(found, "RouteTables")[0], "Routes");
    const live = routes.find(({ DestinationCidrBlock }) => DestinationCidrBlock === range);
    if (!live) return undefined;
    return {
      id: routeId(table, range),
      routeTableId: table,
      destinationCidrBlock: range,
      gatewayId: live.GatewayId,
      natGatewayId: live.NatGatewayId,
      state: live.State,
    };
  },
  async update({ call }, _id, _before, { routeTableId, destinationCidrBlock, gatewayId, natGatewayId }) {
    await call("ec2", "ReplaceRoute", {
      RouteTableId: routeTableId,
      DestinationCidrBlock: destinationCidrBlock,
      GatewayId: gatewayId,
      NatGatewayId: natGatewayId,
    });
  },
  async delete({ call }, _id, { routeTableId, destinationCidrBlock }) {
    const params = { RouteTableId: routeTableId, DestinationCidrBlock: destinationCidrBlock };
    await orGone(call("ec2", "DeleteRoute", params));
  },
};

function routeId(table: unknown, range: unknown): string {
  return `r-${table}${crc32(String(range))}`;
}

/** Imported as SUBNET/TABLE. */
const routeTableAssociation: Kind = {
  replacedBy: ["subnetId", "gatewayId"],
  async create({ call }, { routeTableId: RouteTableId, subnetId: SubnetId }) {
    return String((await call("ec2", "AssociateRouteTable", { RouteTableId, SubnetId })).AssociationId);
  },
  async read({ call }, id) {
    const [subnet, table] = id.split("/");
    const Filters =
      table === undefined
        ? [{ Name: "association.route-table-association-id", Values: [id] }]
        : [{ Name: "association.subnet-id", Values: [subnet] }];
    const tables = listOf(await call("ec2", "DescribeRouteTables", { Filters }), "RouteTables");
    const live = tables
      .flatMap((each) => listOf(each, "Associations"))
      .find((each) =>
        table === undefined
          ? each.RouteTableAssociationId === id
          : each.SubnetId === subnet && each.RouteTableId === table,
      );
    return live && { id: live.RouteTableAssociationId, subnetId: live.SubnetId, routeTableId: live.RouteTableId };
  },
  async update({ call }, id, _before, { routeTableId }) {
    await call("ec2", "ReplaceRouteTableAssociation", { AssociationId: id, RouteTableId: routeTableId });
  },
  async delete({ call }, id) {
    await orGone(call("ec2", "DisassociateRouteTable", { AssociationId: id }));
  },
};

const eip: Kind = {
  replacedBy: ["domain", "publicIpv4Pool"],
  tagged: true,
  async create({ call }, inputs) {
    const made = await call("ec2", "AllocateAddress", { Domain: inputs.domain, ...tagged("elastic-ip", inputs) });
    return String(made.AllocationId);
  },
  async read({ call, region, account }, id) {
    const [live] = listOf(await orGone(call("ec2", "DescribeAddresses", { AllocationIds: [id] })), "Addresses");
    if (!live) return undefined;
    return {
      arn: `arn:aws:ec2:${region}:${account}:elastic-ip/${id}`,
      allocationId: id,
      publicIp: live.PublicIp,
      domain: live.Domain,
      associationId: live.AssociationId ?? "",
      tagsAll: fromTagList(live.Tags),
    };
  },
  update: retag,
  async delete({ call }, id) {
    await orGone(call("ec2", "ReleaseAddress", { AllocationId: id }));
  },
};

const natGateway: Kind = {
  replacedBy: ["subnetId", "allocationId"],
  tagged: true,
  async create({ call }, inputs) {
    const { subnetId: SubnetId, allocationId: AllocationId } = inputs;
    const made = await call("ec2", "CreateNatGateway", { SubnetId, AllocationId, ...tagged("natgateway", inputs) });
    return String(partOf(made, "NatGateway").NatGatewayId);
  },
  async read({ call }, id) {
    const found = await orGone(call("ec2", "DescribeNatGateways", { NatGatewayIds: [id] }));
    const [live] = listOf(found, "NatGateways");
    if (!live || live.State === "deleted") return undefined;
    const [address] = listOf(live, "NatGatewayAddresses");
    return {
      subnetId: live.SubnetId,
      allocationId: address?.AllocationId,
      publicIp: address?.PublicIp,
      tagsAll: fromTagList(live.Tags),
    };
  },
  update: retag,
  async delete({ call }, id) {
    await orGone(call("ec2", "DeleteNatGateway", { NatGatewayId: id }));
  },
};

export const routing: Record<string, Kind> = {
  "aws:ec2/routeTable:RouteTable": routeTable,
  "aws:ec2/route:Route": route,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": routeTableAssociation,
  "aws:ec2/eip:Eip": eip,
  "aws:ec2/natGateway:NatGateway": natGateway,
};
