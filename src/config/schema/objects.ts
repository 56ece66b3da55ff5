import { z } from "zod";
import { isRuleName } from "../../model/rule-names.js";
import { unique } from "../rules.js";
import { adaptations } from "./adaptations.js";
import { dontHold, hold } from "./holds.js";
import { deployers, keep } from "./keep.js";
import { selector } from "./selector.js";
import { transforms } from "./transforms.js";
import { age, text, textLike } from "./values.js";

/** Native and post-quantum recipients: bech32 without its checksum, which export looks at. */
const recipient = z
  .string()
  .regex(
    /^age1(?:(?:pq|tag|tagpq)1)?[02-9ac-hj-np-z]{58,}$/,
    'is no age recipient: write the public key, "age1…", as age-keygen -y prints it',
  );

export const bundle = z
  .strictObject({
    recipients: z
      .array(recipient)
      .default([])
      .meta({ description: "Who can read the Secrets in the bundle. Without one, a key is made for the run." }),
    identityFile: text
      .optional()
      .meta({ description: "File with the age identity (AGE-SECRET-KEY-…) that reads them." }),
    maxAge: age.default("30d").meta({
      description: "How old the backup that the bundle is may be when traffic is moved. It is verified, too.",
    }),
  })
  .prefault({});

const skip = z.strictObject({
  name: textLike("The rule's name: accounting shows it.", "left-to-the-vendor").refine(
    (name) => !isRuleName(name),
    "is the name of a rule of clustershift's own: the accounting could not tell them apart",
  ),
  reason: textLike("Why they stay behind: the report shows it.", "The vendor installs its own in green"),
  select: selector,
});

export const replay = z
  .strictObject({
    skip: z
      .array(skip)
      .default([])
      .superRefine(unique(({ name }) => [name]))
      .meta({ description: "Objects that stay behind, each by a named rule." }),
    keep,
    deployers,
    adaptations,
    transforms,
    hold,
    dontHold,
    concurrency: z
      .int()
      .min(1)
      .max(256)
      .default(32)
      .meta({ description: "Objects that are written to green at the same time." }),
  })
  .prefault({});
