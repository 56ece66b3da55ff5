import {
  DescribeInstancesCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  type EC2Client,
  type RouteTable,
  type RouteTableAssociation,
} from "@aws-sdk/client-ec2";
import type { ShapeNetwork } from "../model/shape.js";
import type { Call } from "./call.js";
import { allPages } from "./pages.js";

/** The network of a cluster. Every method throws UserError `aws-failed`, naming the action and the resource. */
export interface NetworkApi {
  /** The VPC with this id, or with all of these tags; undefined where there is none, or several. */
  find(which: { vpcId: string } | { tags: Record<string, string> }): Promise<ShapeNetwork | undefined>;
  /** Id of the VPC that an instance stands in. */
  vpcOf(instanceId: string): Promise<string | undefined>;
}

export function createNetwork(client: EC2Client, call: Call): NetworkApi {
  return {
    async find(which) {
      const filters =
        "vpcId" in which
          ? [{ Name: "vpc-id", Values: [which.vpcId] }]
          : Object.entries(which.tags).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }));
      const resource = "vpcId" in which ? which.vpcId : Object.values(which.tags).join(", ");
      const { Vpcs = [] } = await call({ action: "DescribeVpcs", resource }, () =>
        client.send(new DescribeVpcsCommand({ Filters: filters })),
      );
      const [vpc, other] = Vpcs;
      if (!vpc?.VpcId || other) return undefined;
      const vpcId = vpc.VpcId;
      const associated = (vpc.CidrBlockAssociationSet ?? []).flatMap(({ CidrBlock }) => CidrBlock ?? []);
      return {
        vpcId,
        cidrs: [...new Set([...(vpc.CidrBlock ? [vpc.CidrBlock] : []), ...associated])],
        subnets: await subnetsOf(vpcId, client, call),
      };
    },

    async vpcOf(instanceId) {
      const { Reservations = [] } = await call({ action: "DescribeInstances", resource: instanceId }, () =>
        client.send(new DescribeInstancesCommand({ Filters: [{ Name: "instance-id", Values: [instanceId] }] })),
      );
      return Reservations.flatMap(({ Instances = [] }) => Instances)[0]?.VpcId;
    },
  };
}

async function subnetsOf(vpcId: string, client: EC2Client, call: Call): Promise<ShapeNetwork["subnets"]> {
  const filters = [{ Name: "vpc-id", Values: [vpcId] }];
  const { RouteTables = [] } = await call({ action: "DescribeRouteTables", resource: vpcId }, () =>
    client.send(new DescribeRouteTablesCommand({ Filters: filters })),
  );
  const subnets = await allPages(
    (NextToken) =>
      call({ action: "DescribeSubnets", resource: vpcId }, () =>
        client.send(new DescribeSubnetsCommand({ Filters: filters, NextToken })),
      ),
    ({ Subnets, NextToken }) => ({ items: Subnets, next: NextToken }),
  );
  return subnets.map(({ SubnetId: id = "", AvailabilityZone: zone = "" }) => {
    return { id, zone, public: leadsOut(id, RouteTables) };
  });
}

/** Whether the subnet's own routes, else those of the VPC's main table, lead to an internet gateway. */
function leadsOut(subnetId: string, tables: readonly RouteTable[]): boolean {
  const associated = (matches: (association: RouteTableAssociation) => boolean) =>
    tables.find(({ Associations = [] }) => Associations.some(matches));
  const table = associated(({ SubnetId }) => SubnetId === subnetId) ?? associated(({ Main }) => Main === true);
  return (table?.Routes ?? []).some(({ GatewayId }) => GatewayId?.startsWith("igw-"));
}
