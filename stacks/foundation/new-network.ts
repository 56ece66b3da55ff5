import { DefaultSecurityGroup } from "@pulumi/aws/ec2/defaultSecurityGroup.js";
import { InternetGateway } from "@pulumi/aws/ec2/internetGateway.js";
import { Route } from "@pulumi/aws/ec2/route.js";
import { RouteTable } from "@pulumi/aws/ec2/routeTable.js";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation.js";
import { Subnet } from "@pulumi/aws/ec2/subnet.js";
import { Vpc } from "@pulumi/aws/ec2/vpc.js";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import * as pulumi from "@pulumi/pulumi";
import { Egress } from "./egress.js";
import type { PlacedSubnet } from "./placed-subnet.js";
import { subnetRanges } from "./subnet-ranges.js";

export interface NewNetworkArgs {
  region: string;
  cidr: string;
  zones: string[];
  nat: "per-zone" | "single";
}

/** A VPC with a private and a public subnet in each zone. Private ones leave by NAT, and reach S3 without it. */
export class NewNetwork extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly vpcCidr: pulumi.Output<string>;
  readonly privateSubnets: PlacedSubnet[] = [];
  readonly publicSubnets: PlacedSubnet[] = [];
  readonly egressIps: pulumi.Output<string>[];

  constructor(name: string, args: NewNetworkArgs, options: pulumi.ComponentResourceOptions) {
    super("clustershift:foundation:NewNetwork", name, {}, options);
    const inside = { parent: this };
    const vpc = new Vpc(
      name,
      { cidrBlock: args.cidr, enableDnsHostnames: true, enableDnsSupport: true, tags: { Name: name } },
      inside,
    );
    this.vpcId = vpc.id;
    this.vpcCidr = vpc.cidrBlock;
    // The default group lets everything in it talk. Adopted with no rule, it is of no use to anyone.
    new DefaultSecurityGroup(`${name}-default`, { vpcId: vpc.id, ingress: [], egress: [] }, inside);

    const gateway = new InternetGateway(name, { vpcId: vpc.id, tags: { Name: name } }, inside);
    const publicTable = new RouteTable(`${name}-public`, { vpcId: vpc.id, tags: { Name: `${name}-public` } }, inside);
    new Route(
      `${name}-public`,
      { routeTableId: publicTable.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      inside,
    );

    const privateTables: { zone: string; table: RouteTable }[] = [];
    for (const ranges of subnetRanges(args.cidr, args.zones)) {
      const { zone } = ranges;
      const publicSubnet = this.subnet(`${name}-public-${zone}`, vpc, zone, ranges.public, {
        mapPublicIpOnLaunch: true,
        tags: { "kubernetes.io/role/elb": "1" },
      });
      const privateSubnet = this.subnet(`${name}-private-${zone}`, vpc, zone, ranges.private, {
        mapPublicIpOnLaunch: false,
        tags: { "kubernetes.io/role/internal-elb": "1" },
      });
      const table = new RouteTable(
        `${name}-private-${zone}`,
        { vpcId: vpc.id, tags: { Name: `${name}-private-${zone}` } },
        inside,
      );
      associate(`${name}-public-${zone}`, publicTable, publicSubnet, inside);
      associate(`${name}-private-${zone}`, table, privateSubnet, inside);
      privateTables.push({ zone, table });
      this.publicSubnets.push({ id: publicSubnet.id, zone });
      this.privateSubnets.push({ id: privateSubnet.id, zone });
    }

    const egress = new Egress(
      name,
      { nat: args.nat, publicSubnets: this.publicSubnets, privateTables, gateway },
      inside,
    );
    this.egressIps = egress.addresses;
    new VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: vpc.id,
        vpcEndpointType: "Gateway",
        serviceName: `com.amazonaws.${args.region}.s3`,
        routeTableIds: privateTables.map(({ table }) => table.id),
        tags: { Name: `${name}-s3` },
      },
      inside,
    );
    this.registerOutputs({ vpcId: this.vpcId });
  }

  private subnet(
    name: string,
    vpc: Vpc,
    zone: string,
    range: string,
    { mapPublicIpOnLaunch, tags }: { mapPublicIpOnLaunch: boolean; tags: Record<string, string> },
  ): Subnet {
    const args = { vpcId: vpc.id, availabilityZone: zone, cidrBlock: range, mapPublicIpOnLaunch };
    return new Subnet(name, { ...args, tags: { Name: name, ...tags } }, { parent: this });
  }
}

function associate(name: string, table: RouteTable, subnet: Subnet, options: pulumi.CustomResourceOptions): void {
  new RouteTableAssociation(name, { routeTableId: table.id, subnetId: subnet.id }, options);
}
