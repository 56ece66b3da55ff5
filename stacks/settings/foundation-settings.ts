import { z } from "zod";
import { account, days, logRetentionDays, name, region, repeated, tags, uncoloured } from "./common.js";
import { networkSchema } from "./network-settings.js";
import { parseSettings } from "./parse-settings.js";

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
  network: networkSchema.describe("The VPC and its subnets, made here or by somebody else."),
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
  logs: z
    .strictObject({ retentionDays: logRetentionDays.default(365).describe("For how long.") })
    .prefault({})
    .describe("The environment's log group, encrypted; with flow logs of a network that is made here."),
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
  }
  if (network.kind !== "new") return;
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
