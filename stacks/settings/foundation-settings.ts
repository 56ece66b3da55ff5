import { z } from "zod";
import { account, cidr, days, name, region, repeated, tags, zone } from "./common.js";
import { parseSettings } from "./parse-settings.js";

const newNetwork = z.strictObject({
  kind: z.literal("new"),
  /** The VPC's range. A /16 gives each zone 16,384 private addresses; pods take theirs from it too. */
  cidr: cidr
    .refine((range) => Number(range.split("/")[1]) >= 16, "is larger than a VPC can be: at most /16")
    .refine(
      (range) => Number(range.split("/")[1]) <= 22,
      "is too small for three zones of nodes and pods: at least /22",
    )
    .default("10.20.0.0/16"),
  /** Three for production; EKS takes no fewer than two. */
  zones: z.array(zone).min(2, "EKS needs at least 2 zones").max(3, "at most 3 zones"),
  /** `single` costs less; a failed zone then takes all egress with it. */
  nat: z.enum(["per-zone", "single"], "must be per-zone or single").default("per-zone"),
});

const foundNetwork = z.strictObject({
  kind: z.literal("found"),
  vpcId: z.string().regex(/^vpc-[0-9a-f]+$/, "is not the id of a VPC, such as vpc-0a1b2c3d"),
  /** Nodes go here. In at least two zones. */
  privateSubnetIds: z.array(subnetId()).min(2, "EKS needs subnets in at least 2 zones"),
  /** Groups that own Elastic IPs, and public load balancers, go here. */
  publicSubnetIds: z.array(subnetId()).default([]),
});

const foundationSchema = z
  .strictObject({
    name,
    region,
    account: account.optional(),
    tags: tags.default({}),
    network: z.discriminatedUnion("kind", [newNetwork, foundNetwork], "must have kind: new, or kind: found"),
    /** Hosted zones that exist; they are looked up and never changed. */
    hostedZones: z
      .array(z.strictObject({ name: z.string().min(1, "a domain is needed"), private: z.boolean().default(false) }))
      .default([]),
    /** Names of the Elastic IPs that move from cluster to cluster, e.g. syslog-a. */
    addresses: z.array(name).default([]),
    backup: z
      .strictObject({
        /** Bucket names are global; left out, Pulumi chooses one. */
        bucketName: z
          .string()
          .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "is not a name that S3 takes")
          .optional(),
        /** For how long a deleted or overwritten backup can still be had. */
        keepOldVersionsDays: days.default(90),
      })
      .prefault({}),
    key: z
      .strictObject({
        /** The time to change one's mind after a deletion; AWS takes 7 to 30. */
        deletionWindowDays: days.min(7, "AWS takes 7 to 30 days").max(30, "AWS takes 7 to 30 days").default(30),
      })
      .prefault({}),
  })
  .superRefine((settings, context) => {
    for (const address of repeated(settings.addresses)) {
      context.addIssue({ code: "custom", path: ["addresses"], message: `${address} is there twice` });
    }
    if (settings.network.kind !== "new") return;
    for (const again of repeated(settings.network.zones)) {
      context.addIssue({ code: "custom", path: ["network", "zones"], message: `${again} is there twice` });
    }
    settings.network.zones.forEach((each, index) => {
      const bothAreRight = region.safeParse(settings.region).success && zone.safeParse(each).success;
      if (!bothAreRight || each.startsWith(settings.region)) return;
      const message = `${each} is not in region ${settings.region}`;
      context.addIssue({ code: "custom", path: ["network", "zones", index], message });
    });
  });

export type FoundationSettings = z.output<typeof foundationSchema>;

/** @throws UserError `config-invalid`, naming every wrong key. */
export function parseFoundationSettings(raw: unknown): FoundationSettings {
  return parseSettings(foundationSchema, raw, "clustershift:foundation");
}

function subnetId() {
  return z.string().regex(/^subnet-[0-9a-f]+$/, "is not the id of a subnet, such as subnet-0a1b2c3d");
}
