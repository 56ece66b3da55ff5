import { z } from "zod";
import { policyRuleIds } from "../../model/policy.js";
import { text, textLike } from "./values.js";

const scalar = z.union([z.string(), z.number(), z.boolean()], "must be a text, a number, true or false");

const must = z
  .union(
    [
      z.strictObject({ be: z.array(scalar).min(1).meta({ description: "The values that are allowed." }) }),
      z.strictObject({ notBe: z.array(scalar).min(1).meta({ description: "The values that are refused." }) }),
      z.strictObject({ like: text.meta({ description: "A pattern: `*` stands for any characters." }) }),
      z.strictObject({ notLike: text.meta({ description: "A pattern that must not fit." }) }),
      z.strictObject({ exist: z.boolean().meta({ description: "Whether the property must be there, or must not." }) }),
    ],
    { error: "must have exactly one of be, notBe, like, notLike and exist" },
  )
  .meta({ description: "What must hold of the property: one of the following." });

const rule = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be words of small letters and digits, joined by hyphens")
    .meta({ description: "The rule's name, by which a refusal names it.", examples: ["our-instance-types"] }),
  type: textLike(
    "Type of the resources, as a preview names it; `*` stands for any characters.",
    "aws:eks/nodeGroup:NodeGroup",
  ),
  property: textLike("Path of the property; `*` stands for every member of a list or mapping.", "instanceTypes[*]"),
  must,
  reason: text.meta({ description: "Why, for people who meet it." }),
});

export const policy = z
  .strictObject({
    off: z
      .array(
        z.strictObject({
          rule: z.enum(policyRuleIds).meta({ description: "The built-in rule; docs/policy.md lists them." }),
          reason: text.meta({ description: "Why green may have what it refuses." }),
        }),
      )
      .default([])
      .meta({ description: "Built-in rules that don't hold for this green." }),
    rules: z
      .array(rule)
      .default([])
      .meta({ description: "Rules of the team's own, beside the built-in ones." })
      .refine(
        (rules) =>
          new Set([...policyRuleIds, ...rules.map(({ id }) => id)]).size === policyRuleIds.length + rules.length,
        {
          error: "has an id twice, or one that a built-in rule has",
        },
      ),
  })
  .prefault({})
  .meta({ description: "What up refuses to make, by the preview, before anything is made." });
