import {
  DescribeInstancesCommand,
  DescribeManagedPrefixListsCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeTransitGatewayVpcAttachmentsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpcsCommand,
  type EC2Client,
  type Filter,
  GetManagedPrefixListEntriesCommand,
} from "@aws-sdk/client-ec2";
import type { Call } from "../call.js";
import { allPages } from "../pages.js";

/** As many as one page may have: of thousands of groups there are a few pages. */
const MaxResults = 1000;

/** What EC2 lists, each whole, as its own types. */
export type Ec2Lists = ReturnType<typeof createEc2Lists>;

export function createEc2Lists(client: EC2Client, call: Call) {
  const asked = <T>(action: string, resource: string, send: () => Promise<T>) => call({ action, resource }, send);
  const named = (filters: readonly Filter[]) => filters.flatMap(({ Values = [] }) => Values.slice(0, 3)).join(", ");
  return {
    instances: (Filters: Filter[]) =>
      allPages(
        (NextToken) =>
          asked("DescribeInstances", named(Filters), () =>
            client.send(new DescribeInstancesCommand({ Filters, MaxResults, NextToken })),
          ),
        ({ Reservations = [], NextToken }) => ({
          items: Reservations.flatMap(({ Instances = [] }) => Instances),
          next: NextToken,
        }),
      ),
    securityGroups: () =>
      allPages(
        (NextToken) =>
          asked("DescribeSecurityGroups", "all security groups", () =>
            client.send(new DescribeSecurityGroupsCommand({ MaxResults, NextToken })),
          ),
        ({ SecurityGroups, NextToken }) => ({ items: SecurityGroups, next: NextToken }),
      ),
    interfaces: (Filters: Filter[]) =>
      allPages(
        (NextToken) =>
          asked("DescribeNetworkInterfaces", named(Filters), () =>
            client.send(new DescribeNetworkInterfacesCommand({ Filters, MaxResults, NextToken })),
          ),
        ({ NetworkInterfaces, NextToken }) => ({ items: NetworkInterfaces, next: NextToken }),
      ),
    acls: (Filters: Filter[]) =>
      allPages(
        (NextToken) =>
          asked("DescribeNetworkAcls", named(Filters), () =>
            client.send(new DescribeNetworkAclsCommand({ Filters, MaxResults, NextToken })),
          ),
        ({ NetworkAcls, NextToken }) => ({ items: NetworkAcls, next: NextToken }),
      ),
    subnets: (Filters: Filter[]) =>
      allPages(
        (NextToken) =>
          asked("DescribeSubnets", named(Filters), () =>
            client.send(new DescribeSubnetsCommand({ Filters, MaxResults, NextToken })),
          ),
        ({ Subnets, NextToken }) => ({ items: Subnets, next: NextToken }),
      ),
    routeTables: (Filters: Filter[]) =>
      allPages(
        (NextToken) =>
          asked("DescribeRouteTables", named(Filters), () =>
            // Of these a page has fewer.
            client.send(new DescribeRouteTablesCommand({ Filters, MaxResults: 100, NextToken })),
          ),
        ({ RouteTables, NextToken }) => ({ items: RouteTables, next: NextToken }),
      ),
    vpcs: (Filters: Filter[]) =>
      allPages(
        (NextToken) =>
          asked("DescribeVpcs", named(Filters), () =>
            client.send(new DescribeVpcsCommand({ Filters, MaxResults, NextToken })),
          ),
        ({ Vpcs, NextToken }) => ({ items: Vpcs, next: NextToken }),
      ),
    natGateways: (filters: Filter[]) =>
      allPages(
        (NextToken) =>
          asked("DescribeNatGateways", named(filters), () =>
            client.send(new DescribeNatGatewaysCommand({ Filter: filters, MaxResults, NextToken })),
          ),
        ({ NatGateways, NextToken }) => ({ items: NatGateways, next: NextToken }),
      ),
    endpoints: (Filters: Filter[]) =>
      allPages(
        (NextToken) =>
          asked("DescribeVpcEndpoints", named(Filters), () =>
            client.send(new DescribeVpcEndpointsCommand({ Filters, MaxResults, NextToken })),
          ),
        ({ VpcEndpoints, NextToken }) => ({ items: VpcEndpoints, next: NextToken }),
      ),
    peerings: () =>
      allPages(
        (NextToken) =>
          asked("DescribeVpcPeeringConnections", "all peerings", () =>
            client.send(new DescribeVpcPeeringConnectionsCommand({ MaxResults, NextToken })),
          ),
        ({ VpcPeeringConnections, NextToken }) => ({ items: VpcPeeringConnections, next: NextToken }),
      ),
    gatewayAttachments: (Filters: Filter[]) =>
      allPages(
        (NextToken) =>
          asked("DescribeTransitGatewayVpcAttachments", named(Filters), () =>
            client.send(new DescribeTransitGatewayVpcAttachmentsCommand({ Filters, MaxResults, NextToken })),
          ),
        ({ TransitGatewayVpcAttachments, NextToken }) => ({ items: TransitGatewayVpcAttachments, next: NextToken }),
      ),
    /** Ids of those that AWS keeps itself are left out: nobody's own ranges are in them. */
    prefixLists: async (ids: readonly string[]) => {
      const lists = await allPages(
        (NextToken) =>
          asked("DescribeManagedPrefixLists", ids.join(", "), () =>
            client.send(new DescribeManagedPrefixListsCommand({ PrefixListIds: [...ids], NextToken })),
          ),
        ({ PrefixLists, NextToken }) => ({ items: PrefixLists, next: NextToken }),
      );
      const ranges = new Map<string, string[]>();
      for (const { PrefixListId = "", OwnerId } of lists) {
        if (OwnerId === "AWS") continue;
        const entries = await allPages(
          (NextToken) =>
            asked("GetManagedPrefixListEntries", PrefixListId, () =>
              client.send(new GetManagedPrefixListEntriesCommand({ PrefixListId, NextToken })),
            ),
          ({ Entries, NextToken }) => ({ items: Entries, next: NextToken }),
        );
        ranges.set(
          PrefixListId,
          entries.flatMap(({ Cidr }) => Cidr ?? []),
        );
      }
      return ranges;
    },
  };
}
