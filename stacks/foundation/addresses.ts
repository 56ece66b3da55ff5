import { Eip } from "@pulumi/aws/ec2/eip.js";
import * as pulumi from "@pulumi/pulumi";

export interface Address {
  allocationId: pulumi.Output<string>;
  publicIp: pulumi.Output<string>;
}

/**
 * The Elastic IPs that move from cluster to cluster. Without an association here: which instance has one is the cutover's
 * affair, and Pulumi would otherwise put it back.
 */
export class Addresses extends pulumi.ComponentResource {
  readonly byName: Record<string, Address> = {};

  constructor(name: string, addresses: string[], options: pulumi.ComponentResourceOptions) {
    super("clustershift:foundation:Addresses", name, {}, options);
    for (const each of addresses) {
      const eipName = `${name}-${each}`;
      const eip = new Eip(
        eipName,
        { domain: "vpc", tags: { Name: eipName, "clustershift:address": each } },
        {
          parent: this,
          ignoreChanges: ["instance", "networkInterface", "associateWithPrivateIp"],
        },
      );
      this.byName[each] = { allocationId: eip.allocationId, publicIp: eip.publicIp };
    }
    this.registerOutputs({});
  }
}
