import { z } from "zod";
import { networkOf } from "../ranges.js";

/** Settings that both kinds of stack have, and the words that they share. */

/** Names end up in names of AWS resources; 32 characters leave room for what is put behind them (an IAM role has 64). */
export const name = z
  .string("a name is needed")
  .regex(/^[a-z][a-z0-9-]{0,31}$/, "must be 1 to 32 lower-case letters, digits and hyphens, and start with a letter");

export const region = z
  .string("an AWS region is needed, such as eu-west-1")
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: "is not an AWS region, such as eu-west-1", abort: true });

/** Refuses to run with credentials of another account. */
export const account = z.string().regex(/^\d{12}$/, "must be the 12 digits of an AWS account, quoted");

export const zone = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, { error: "is not an availability zone, such as eu-west-1a", abort: true });

export const cidr = z
  .cidrv4({ error: "must be an IPv4 range, such as 10.20.0.0/16", abort: true })
  .refine((range) => networkOf(range) === range, {
    error: ({ input }) => `isn't the start of its range: write ${networkOf(String(input))}`,
    abort: true,
  });

/** Names that outlive a migration, or carry over to the next one. */
export const uncoloured = name.refine((text) => !/(^|-)(blue|green)(-|$)/.test(text), {
  error: "must not say blue or green: today's green is the next migration's blue. Use a version or a date",
});

export const tags = z.record(
  z
    .string()
    .min(1)
    .max(128)
    .refine((key) => !key.startsWith("aws:"), "tags that start with aws: are AWS's own")
    .refine(
      (key) => !/^(managed-by$|clustershift:|Name$|kubernetes\.io\/)/.test(key),
      "is set by clustershift itself: teardown and controllers find resources by it",
    ),
  z.string("must be text, quoted").max(256, "must be at most 256 characters"),
);

export const days = z.int("must be a whole number of days").min(1, "must be at least 1 day");

/** The retention periods that CloudWatch Logs takes; it refuses all others. */
const retentionPeriods = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
export const logRetentionDays = days.refine(
  (count) => retentionPeriods.includes(count),
  `must be a period that CloudWatch Logs knows: ${retentionPeriods.join(", ")} days`,
);

export function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
