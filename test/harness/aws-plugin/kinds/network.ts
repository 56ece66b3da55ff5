import type { Call } from "../../aws-api/client.js";
import type { Props } from "../../plugin/plugin.js";
import { type Kind, listOf, orGone, partOf } from "../kind.js";
import { fromTagList, retag, tagged } from "../tags.js";

/** VPCs, and what is cut out of them. */

const vpc: Kind = {
  replacedBy: ["cidrBlock", "instanceTenancy"],
  tagged: true,
  async create({ call }, inputs) {
    const made = await call("ec2", "CreateVpc", { CidrBlock: inputs.cidrBlock, ...tagged("vpc", inputs) });
    const id = String(partOf(made, "Vpc").VpcId);
    await setDns(call, id, inputs);
    return id;
  },
  async read({ call, region, account }, id) {
    const found = await orGone(call("ec2", "DescribeVpcs", { VpcIds: [id] }));
    const [live] = listOf(found, "Vpcs");
    if (!live) return undefined;
    const attribute = async (name: string) => {
      const answer = await call("ec2", "DescribeVpcAttribute", { VpcId: id, Attribute: name });
      return partOf(answer, `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`).Value;
    };
    return {
      arn: `arn:aws:ec2:${region}:${account}:vpc/${id}`,
      cidrBlock: live.CidrBlock,
      enableDnsSupport: await attribute("enableDnsSupport"),
      enableDnsHostnames: await attribute("enableDnsHostnames"),
      tagsAll: fromTagList(live.Tags),
    };
  },
  async update(aws, id, before, after) {
    await retag(aws, id, before, after);
    await setDns(aws.call, id, after);
  },
  async delete({ call }, id) {
    await orGone(call("ec2", "DeleteVpc", { VpcId: id }));
  },
};

/** One attribute a request. */
async function setDns(call: Call, id: string, { enableDnsSupport, enableDnsHostnames }: Props): Promise<void> {
  const wanted = { EnableDnsSupport: enableDnsSupport, EnableDnsHostnames: enableDnsHostnames };
  for (const [attribute, Value] of Object.entries(wanted)) {
    if (Value !== undefined) await call("ec2", "ModifyVpcAttribute", { VpcId: id, [attribute]: { Value } });
  }
}

const subnet: Kind = {
  replacedBy: ["vpcId", "availabilityZone", "cidrBlock"],
  tagged: true,
  async create({ call }, inputs) {
    const { vpcId: VpcId, cidrBlock: CidrBlock, availabilityZone: AvailabilityZone } = inputs;
    const params = { VpcId, CidrBlock, AvailabilityZone, ...tagged("subnet", inputs) };
    const id = String(partOf(await call("ec2", "CreateSubnet", params), "Subnet").SubnetId);
    if (inputs.mapPublicIpOnLaunch) {
      await call("ec2", "ModifySubnetAttribute", { SubnetId: id, MapPublicIpOnLaunch: { Value: true } });
    }
    return id;
  },
  async read({ call }, id) {
    const [live] = listOf(await orGone(call("ec2", "DescribeSubnets", { SubnetIds: [id] })), "Subnets");
    if (!live) return undefined;
    return {
      arn: live.SubnetArn,
      vpcId: live.VpcId,
      cidrBlock: live.CidrBlock,
      availabilityZone: live.AvailabilityZone,
      mapPublicIpOnLaunch: live.MapPublicIpOnLaunch,
      tagsAll: fromTagList(live.Tags),
    };
  },
  async update(aws, id, before, after) {
    await retag(aws, id, before, after);
    const MapPublicIpOnLaunch = { Value: after.mapPublicIpOnLaunch === true };
    await aws.call("ec2", "ModifySubnetAttribute", { SubnetId: id, MapPublicIpOnLaunch });
  },
  async delete({ call }, id) {
    await orGone(call("ec2", "DeleteSubnet", { SubnetId: id }));
  },
};

const internetGateway: Kind = {
  replacedBy: [],
  tagged: true,
  async create({ call }, inputs) {
    const made = await call("ec2", "CreateInternetGateway", tagged("internet-gateway", inputs));
    const InternetGatewayId = String(partOf(made, "InternetGateway").InternetGatewayId);
    await call("ec2", "AttachInternetGateway", { InternetGatewayId, VpcId: inputs.vpcId });
    return InternetGatewayId;
  },
  async read({ call }, id) {
    const found = await orGone(call("ec2", "DescribeInternetGateways", { InternetGatewayIds: [id] }));
    const [live] = listOf(found, "InternetGateways");
    if (!live) return undefined;
    return { vpcId: listOf(live, "Attachments")[0]?.VpcId, tagsAll: fromTagList(live.Tags) };
  },
  async update(aws, id, before, after) {
    await retag(aws, id, before, after);
    if (before.vpcId === after.vpcId) return;
    if (before.vpcId !== undefined) {
      await aws.call("ec2", "DetachInternetGateway", { InternetGatewayId: id, VpcId: before.vpcId });
    }
    await aws.call("ec2", "AttachInternetGateway", { InternetGatewayId: id, VpcId: after.vpcId });
  },
  async delete({ call }, id, { vpcId }) {
    await orGone(call("ec2", "DetachInternetGateway", { InternetGatewayId: id, VpcId: vpcId }));
    await orGone(call("ec2", "DeleteInternetGateway", { InternetGatewayId: id }));
  },
};

const vpcEndpoint: Kind = {
  replacedBy: ["vpcId", "serviceName", "vpcEndpointType"],
  tagged: true,
  async create({ call }, inputs) {
    const made = await call("ec2", "CreateVpcEndpoint", {
      VpcId: inputs.vpcId,
      ServiceName: inputs.serviceName,
      VpcEndpointType: inputs.vpcEndpointType,
      RouteTableIds: inputs.routeTableIds,
      ...tagged("vpc-endpoint", inputs),
    });
    return String(partOf(made, "VpcEndpoint").VpcEndpointId);
  },
  async read({ call }, id, inputs) {
    const found = await orGone(call("ec2", "DescribeVpcEndpoints", { VpcEndpointIds: [id] }));
    const [live] = listOf(found, "VpcEndpoints");
    if (!live || live.State === "deleted") return undefined;
    const tables = [...((live.RouteTableIds ?? []) as string[])].sort();
    const wanted = [...((inputs.routeTableIds ?? []) as string[])];
    return {
      vpcId: live.VpcId,
      serviceName: live.ServiceName,
      vpcEndpointType: live.VpcEndpointType,
      // A set: its order says nothing.
      routeTableIds: [...wanted].sort().join() === tables.join() ? wanted : tables,
      tagsAll: fromTagList(live.Tags),
    };
  },
  async update(aws, id, before, after) {
    await retag(aws, id, before, after);
    const [had, wanted] = [before, after].map(({ routeTableIds }) => (routeTableIds ?? []) as string[]);
    const added = wanted?.filter((table) => !had?.includes(table)) ?? [];
    const removed = had?.filter((table) => !wanted?.includes(table)) ?? [];
    if (added.length + removed.length === 0) return;
    await aws.call("ec2", "ModifyVpcEndpoint", {
      VpcEndpointId: id,
      ...(added.length > 0 && { AddRouteTableIds: added }),
      ...(removed.length > 0 && { RemoveRouteTableIds: removed }),
    });
  },
  async delete({ call }, id) {
    await orGone(call("ec2", "DeleteVpcEndpoints", { VpcEndpointIds: [id] }));
  },
};

export const network: Record<string, Kind> = {
  "aws:ec2/vpc:Vpc": vpc,
  "aws:ec2/subnet:Subnet": subnet,
  "aws:ec2/internetGateway:InternetGateway": internetGateway,
  "aws:ec2/vpcEndpoint:VpcEndpoint": vpcEndpoint,
};
