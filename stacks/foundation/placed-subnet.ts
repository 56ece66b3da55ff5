import type * as pulumi from "@pulumi/pulumi";

/** A subnet that is made here: its zone is known beforehand, since we chose it. */
export interface PlacedSubnet {
  id: pulumi.Output<string>;
  zone: string;
}
