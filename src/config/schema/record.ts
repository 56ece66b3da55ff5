import { z } from "zod";
import { region, text } from "./values.js";

/** Where each run's record is kept beside the runs folder. */
export const record = z
  .strictObject({
    bucket: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
        "is no name of an S3 bucket: lower-case letters, digits, dots and hyphens",
      )
      .optional()
      .meta({
        description:
          "S3 bucket that keeps a copy, so that another machine can go on, or back, also while green is down.",
        examples: ["acme-backup"],
      }),
    prefix: z
      .string()
      .regex(/^[^/]+(\/[^/]+)*$/, "must be names with a slash between two, and none at its ends")
      .default("clustershift")
      .meta({
        description: "Keys in the bucket begin so; blue's name and the run follow.",
        examples: ["clustershift"],
      }),
    region: region.optional().meta({ description: "The bucket's region. Default: aws.region." }),
    profile: text.optional().meta({ description: "Profile of the AWS configuration for it. Default: aws.profile." }),
    green: z
      .boolean()
      .default(true)
      .meta({ description: "Whether a copy is kept in green, as ConfigMaps in the namespace clustershift." }),
  })
  .prefault({})
  .meta({
    description:
      "Where a copy of each run's record is kept (journal, plan, evidence; neither the bundle nor secrets): another machine goes on, or back, from it.",
  });
