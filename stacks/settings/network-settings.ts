import { z } from "zod";
import { isPrivate, rangeOf } from "../ranges.js";
import { cidr, zone } from "./common.js";

/** A network of one's own, or one that is there: told by ids, by tags, or as a cluster's of kops. */

const newNetwork = z.strictObject({
  kind: z.literal("new"),
  cidr: cidr
    .refine((range) => rangeOf(range).prefix >= 16, "is larger than a VPC can be: at most /16")
    .refine((range) => rangeOf(range).prefix <= 22, "is too small for three zones of nodes and pods: at least /22")
    .refine(isPrivate, "is no private range: addresses of the internet in it couldn't be reached any more")
    .default("10.20.0.0/16")
    .describe("The VPC's range. A /16 gives each zone 16,384 private addresses; pods take theirs from it too."),
  zones: z
    .array(zone)
    .min(2, "EKS needs at least 2 zones")
    .max(3, "at most 3 zones")
    .describe("Three for production; EKS takes no fewer than two."),
  nat: z
    .enum(["per-zone", "single"], "must be per-zone or single")
    .default("per-zone")
    .describe("`single` costs less; a failed zone then takes all egress with it."),
  flowLogs: z
    .boolean("must be true or false")
    .default(true)
    .describe("Whether the VPC's flow logs are kept in the log group: who talks to whom, when it matters."),
});

const subnetId = z.string().regex(/^subnet-[0-9a-f]+$/, "is not the id of a subnet, such as subnet-0a1b2c3d");

const foundNetwork = z.strictObject({
  kind: z.literal("found"),
  vpcId: z
    .string()
    .regex(/^vpc-[0-9a-f]+$/, "is not the id of a VPC, such as vpc-0a1b2c3d")
    .describe("The VPC: it is looked up, and never changed."),
  privateSubnetIds: z
    .array(subnetId)
    .min(2, "EKS needs subnets in at least 2 zones")
    .describe("Nodes go here. In at least two zones."),
  publicSubnetIds: z
    .array(subnetId)
    .default([])
    .describe("Groups that own Elastic IPs, and public load balancers, go here."),
});

const anyTags = z
  .record(z.string().min(1), z.string("must be text, quoted"))
  .refine((tags) => Object.keys(tags).length > 0, "at least one tag is needed: all subnets of the VPC would be found");

const taggedNetwork = z.strictObject({
  kind: z.literal("tagged"),
  vpcTags: anyTags.describe("Tags that one VPC has, and no other of the region."),
  privateSubnetTags: anyTags.describe("Tags of the subnets that nodes go to. In at least two zones."),
  publicSubnetTags: anyTags
    .optional()
    .describe("Tags of the subnets for groups that own Elastic IPs, and for public load balancers."),
});

const kopsNetwork = z.strictObject({
  kind: z.literal("kops"),
  clusterName: z
    .string("the name of kops's cluster is needed")
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, "is not the name of a cluster of kops, such as prod.example.com")
    .describe("The cluster of kops whose VPC and subnets are used, as its tags say: blue's own, for example."),
});

const kinds = "must have kind: new, found, tagged or kops";
export const networkSchema = z.discriminatedUnion(
  "kind",
  [newNetwork, foundNetwork, taggedNetwork, kopsNetwork],
  kinds,
);

export type NetworkSettings = z.output<typeof networkSchema>;
export type NewNetworkSettings = z.output<typeof newNetwork>;
