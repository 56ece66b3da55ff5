import { Eip } from "@pulumi/aws/ec2/eip.js";
import type { InternetGateway } from "@pulumi/aws/ec2/internetGateway.js";
import { NatGateway } from "@pulumi/aws/ec2/natGateway.js";
import { Route } from "@pulumi/aws/ec2/route.js";
import type { RouteTable } from "@pulumi/aws/ec2/routeTable.js";
import * as pulumi from "@pulumi/pulumi";
import type { PlacedSubnet } from "./placed-subnet.js";

export interface EgressArgs {
  nat: "per-zone" | "single";
  publicSubnets: PlacedSubnet[];
  privateTables: { zone: string; table: RouteTable }[];
  gateway: InternetGateway;
}

/** How private subnets leave, by addresses that partners have in their allow-lists. */
export class Egress extends pulumi.ComponentResource {
  readonly addresses: pulumi.Output<string>[] = [];

  constructor(name: string, args: EgressArgs, options: pulumi.ComponentResourceOptions) {
    super("clustershift:foundation:Egress", name, {}, options);
    const inside = { parent: this };
    const gateways = new Map<string, NatGateway>();
    const hosts = args.nat === "single" ? args.publicSubnets.slice(0, 1) : args.publicSubnets;
    for (const { id, zone } of hosts) {
      const natName = `${name}-nat-${zone}`;
      const address = new Eip(natName, { domain: "vpc", tags: { Name: natName } }, inside);
      this.addresses.push(address.publicIp);
      const nat = new NatGateway(
        natName,
        { subnetId: id, allocationId: address.allocationId, tags: { Name: natName } },
        { ...inside, dependsOn: [args.gateway] },
      );
      gateways.set(zone, nat);
    }
    const [first] = gateways.values();
    for (const { zone, table } of args.privateTables) {
      const nat = gateways.get(zone) ?? first;
      if (nat === undefined) continue;
      const route = { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: nat.id };
      new Route(`${name}-private-${zone}`, route, inside);
    }
    this.registerOutputs({});
  }
}
