import { z } from "zod";
import { isPrivate, rangeOf } from "../ranges.js";
import { account, cidr, days, name, region, repeated, tags, uncoloured, zone } from "./common.js";
import { parseSettings } from "./parse-settings.js";

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
});

const foundNetwork = z.strictObject({
  kind: z.literal("found"),
  vpcId: z
    .string()
    .regex(/^vpc-[0-9a-f]+$/, "is not the id of a VPC, such as vpc-0a1b2c3d")
    .describe("The VPC: it is looked up, and never changed."),
  privateSubnetIds: z
    .array(subnetId())
    .min(2, "EKS needs subnets in at least 2 zones")
    .describe("Nodes go here. In at least two zones."),
  publicSubnetIds: z
    .array(subnetId())
    .default([])
    .describe("Groups that own Elastic IPs, and public load balancers, go here."),
});

const domain = z
  .string("a domain is needed")
  .regex(
    /^([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    "is not a domain, such as example.com",
  );

/** What a foundation stack is told, key by key. */
export const foundationSchema = z.strictObject({
  name: uncoloured.describe("The environment's name, such as prod."),
  region: region.describe("The AWS region."),
  account: account.optional().describe("Credentials of another account are refused."),
  tags: tags.default({}).describe("Put on everything, beside clustershift's own."),
  network: z
    .discriminatedUnion("kind", [newNetwork, foundNetwork], "must have kind: new, or kind: found")
    .describe("The VPC and its subnets, made here or by somebody else."),
  hostedZones: z
    .array(
      z.strictObject({
        name: domain.describe("The zone's domain."),
        private: z.boolean("must be true or false").default(false).describe("Whether it is a private zone."),
      }),
    )
    .default([])
    .describe("Hosted zones that exist; they are looked up and never changed."),
  addresses: z
    .array(name)
    .default([])
    .describe("Names of the Elastic IPs that move from cluster to cluster, e.g. syslog-a."),
  backup: z
    .strictObject({
      bucketName: z
        .string()
        .regex(
          /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
          "is not a name that S3 takes, or has dots, which its certificate refuses",
        )
        .optional()
        .describe("Bucket names are global; left out, Pulumi chooses one."),
      keepOldVersionsDays: days.default(90).describe("For how long a deleted or overwritten backup can still be had."),
    })
    .prefault({})
    .describe("The bucket for backups: versioned, encrypted, private."),
  key: z
    .strictObject({
      deletionWindowDays: days
        .min(7, "AWS takes 7 to 30 days")
        .max(30, "AWS takes 7 to 30 days")
        .default(30)
        .describe("The time to change one's mind after a deletion."),
    })
    .prefault({})
    .describe("The key for backups and for the clusters' secrets, volumes and logs."),
});

export type FoundationSettings = z.output<typeof foundationSchema>;

const settingsSchema = foundationSchema.superRefine((settings, context) => {
  const refuse = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
  const once = (path: string[], values: readonly string[]) => {
    for (const again of repeated(values)) refuse(path, `${again} is there twice`);
  };
  once(["addresses"], settings.addresses);
  once(
    ["hostedZones"],
    settings.hostedZones.map((each) => `${each.private ? "private" : "public"} ${each.name}`),
  );
  const { network } = settings;
  if (network.kind === "found") {
    once(["network", "privateSubnetIds"], network.privateSubnetIds);
    once(["network", "publicSubnetIds"], network.publicSubnetIds);
    network.publicSubnetIds.forEach((id, index) => {
      if (!network.privateSubnetIds.includes(id)) return;
      refuse(["network", "publicSubnetIds", index], `${id} is among privateSubnetIds too`);
    });
    return;
  }
  once(["network", "zones"], network.zones);
  network.zones.forEach((each, index) => {
    if (!each.startsWith(settings.region)) {
      refuse(["network", "zones", index], `${each} is not in region ${settings.region}`);
    }
  });
});

/** @throws UserError `config-invalid`, naming every wrong key. */
export function parseFoundationSettings(raw: unknown): FoundationSettings {
  return parseSettings(settingsSchema, raw, "clustershift:foundation");
}

function subnetId() {
  return z.string().regex(/^subnet-[0-9a-f]+$/, "is not the id of a subnet, such as subnet-0a1b2c3d");
}
