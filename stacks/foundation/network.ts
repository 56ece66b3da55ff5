import type * as pulumi from "@pulumi/pulumi";

export interface NetworkSubnet {
  id: pulumi.Output<string>;
  zone: pulumi.Input<string>;
}

/** A subnet whose zone is known beforehand, since we chose it. */
export interface PlacedSubnet extends NetworkSubnet {
  zone: string;
}

/** What the rest needs of a network, made by us or not. */
export interface Network {
  vpcId: pulumi.Output<string>;
  vpcCidr: pulumi.Output<string>;
  privateSubnets: NetworkSubnet[];
  publicSubnets: NetworkSubnet[];
  /** Known only where we made the way out. */
  egressIps: pulumi.Output<string>[];
}
