import { z } from "zod";
import { duration, recordName, unique, wrongValue } from "../rules.js";
import { analysis } from "./analysis.js";
import { leftover } from "./leftover.js";
import { loadBalancers } from "./load-balancers.js";
import { manual } from "./manual.js";
import { hold, text, textLike } from "./values.js";
import { zoneShare } from "./zone-share.js";

const recordTarget = z
  .strictObject({
    name: textLike("Fully qualified name, e.g. app.acme.example", "app.acme.example"),
    type: z.enum(["A", "AAAA", "CNAME"]).default("A").meta({ description: "Type of the record." }),
    green: z
      .union([
        z.strictObject({
          values: z
            .array(text)
            .min(1)
            .meta({ description: "Green's answer, written out.", examples: [["192.0.2.10"]] }),
        }),
        z.strictObject({
          address: text.meta({ description: "Name of an address among green's stack outputs." }),
        }),
        z.strictObject({
          alias: z
            .strictObject({
              name: textLike("What the alias stands for.", "green-1.eu-central-1.elb.amazonaws.com").optional(),
              address: text
                .optional()
                .meta({ description: "In place of the name: its own name among green's stack outputs." }),
              zone: textLike(
                "Id of the hosted zone that the name is in: of a load balancer its CanonicalHostedZoneId, as `aws elbv2 describe-load-balancers` shows it.",
                "Z215JYRZR1TBD5",
              ),
              evaluateTargetHealth: z.boolean().default(true).meta({
                description: "Whether Route 53 gives green no answers while its load balancer has no healthy target.",
              }),
            })
            .refine(({ name, address }) => (name === undefined) !== (address === undefined), {
              message: "must have one of name and address",
            })
            .meta({ description: "Green's answer is that of another name, as of a load balancer." }),
        }),
      ])
      .meta({ description: "What the record says of green: values, an address, or an alias." }),
    healthCheck: text.optional().meta({
      description: "Id of Route 53's health check of green: while it fails, green gets no answers at all.",
    }),
  })
  .superRefine(({ type, green }, context) => {
    const wrong = "values" in green ? wrongValue(type, green.values) : undefined;
    if (wrong) context.addIssue({ code: "custom", path: ["green", "values", wrong.index], message: wrong.message });
  });

export const traffic = z
  .strictObject({
    route53: z
      .array(
        z.strictObject({
          zone: textLike("Id or name of the hosted zone.", "acme.example"),
          private: z
            .boolean()
            .optional()
            .meta({ description: "Which one, where a public and a private zone have that name." }),
          vpc: textLike("The private zone of that name that this VPC sees.", "vpc-0123456789abcdef0").optional(),
          records: z.array(recordTarget).min(1).meta({ description: "Records of the zone that move, all together." }),
        }),
      )
      .default([])
      .superRefine(
        unique(({ zone, private: isPrivate, vpc, records }) => {
          // Zones may share a name, and so do records in them.
          const where = vpc ?? (isPrivate === undefined ? undefined : isPrivate ? "private" : "public");
          const which = where === undefined ? (zone.includes(".") ? "" : ` in ${zone}`) : ` in the ${where} zone`;
          return records.map(({ name, type }) => `${recordName(name)} ${type}${which}`);
        }),
      )
      .meta({ description: "Hosted zones whose records move by weights." }),
    zoneShare,
    loadBalancers,
    elasticIps: z
      .array(
        z.strictObject({
          group: textLike("Node group whose public addresses move.", "syslog"),
          otherZones: z.boolean().default(false).meta({
            description:
              "Whether addresses may go to green's instances of other zones where those of their own are too few. Without it, that is refused.",
          }),
        }),
      )
      .default([])
      .superRefine(unique(({ group }) => [group]))
      .meta({ description: "Node groups whose Elastic IPs move, zone by zone, after the records." }),
    manual,
    marks: z.enum(["leave", "none"]).default("leave").meta({
      description:
        "Whether a shift writes beside what it moves how that was: a TXT record in each zone, a tag on each address, listener and rule. With them `rollback` works where neither the run's folder nor a copy of its record is left. All are removed at the end, forth or back.",
    }),
    ttl: duration("1s", "1d")
      .optional()
      .meta({
        description:
          "TTL that records have during the shift, so that it is seen soon. `clustershift prepare` lowers it ahead; cutover refuses until the old one is over.",
        examples: ["60s"],
      }),
    afterwards: z.enum(["simple", "keep"]).default("simple").meta({
      description:
        "What teardown leaves of records and load balancers' rules once blue is gone. simple: green's answer alone, simple again where it was, with the old TTL, and no target group of blue's. keep: blue's stay, with weight 0; AWS then refuses to delete its target groups.",
    }),
    steps: z
      .array(z.int().min(1).max(100))
      .min(1)
      .default([1, 5, 25, 50, 100])
      .refine(
        (steps) => steps.length === 0 || steps.at(-1) === 100,
        "must end with 100: write for example [1, 5, 25, 50, 100]",
      )
      .refine(
        (steps) => steps.every((step, i) => i === 0 || step > (steps[i - 1] ?? 0)),
        "must rise from step to step: write for example [1, 5, 25, 50, 100]",
      )
      .meta({ description: "Green's share of the traffic after each step, in percent." }),
    hold: hold.default("60s").meta({ description: "How long each step is held before it is checked." }),
    ...analysis,
    leftover,
  })
  .prefault({});
