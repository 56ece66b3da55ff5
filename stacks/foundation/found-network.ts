import { getSubnetOutput } from "@pulumi/aws/ec2/getSubnet.js";
import { getVpcOutput } from "@pulumi/aws/ec2/getVpc.js";
import * as pulumi from "@pulumi/pulumi";
import type { Network, NetworkSubnet } from "./network.js";

export interface FoundNetworkArgs {
  vpcId: string;
  privateSubnetIds: string[];
  publicSubnetIds: string[];
}

/** A network that somebody else made, blue's own for example: looked up, and never changed. */
export class FoundNetwork extends pulumi.ComponentResource implements Network {
  readonly vpcId: pulumi.Output<string>;
  readonly vpcCidr: pulumi.Output<string>;
  readonly privateSubnets: NetworkSubnet[];
  readonly publicSubnets: NetworkSubnet[];
  readonly egressIps: pulumi.Output<string>[] = [];

  constructor(name: string, args: FoundNetworkArgs, options: pulumi.ComponentResourceOptions) {
    super("clustershift:foundation:FoundNetwork", name, {}, options);
    const inside = { parent: this };
    // The subnets are asked for together with the VPC, so one that is elsewhere is an error of the look-up.
    const find = (id: string): NetworkSubnet => {
      const subnet = getSubnetOutput({ id, vpcId: args.vpcId }, inside);
      return { id: subnet.id, zone: subnet.availabilityZone };
    };
    const vpc = getVpcOutput({ id: args.vpcId }, inside);
    this.vpcId = vpc.id;
    this.vpcCidr = vpc.cidrBlock;
    this.privateSubnets = args.privateSubnetIds.map(find);
    this.publicSubnets = args.publicSubnetIds.map(find);
    this.registerOutputs({ vpcId: this.vpcId });
  }
}
