import { z } from "zod";
import { nearest } from "../../model/nearest.js";
import { overrulable, whyNeverOverruled } from "../../model/rule-names.js";
import { unique } from "../rules.js";
import { selector } from "./selector.js";
import { text, textLike, wait } from "./values.js";

/** The rule that an entry of `keep` overrules: only one whose objects may be copied. */
const overruled = text
  .superRefine((rule, context) => {
    if (overrulable.some((known) => known === rule)) return;
    const never = whyNeverOverruled(rule);
    const guess = nearest(rule, overrulable);
    const hint = guess === undefined ? `write one of ${overrulable.join(", ")}` : `did you mean "${guess}"?`;
    const message =
      never === undefined ? `is no rule that leaves objects behind: ${hint}` : `can't be overruled: ${never}`;
    context.addIssue({ code: "custom", message });
  })
  .meta({
    description: "The one rule that is overruled; without it every one that can be, and the team's own.",
    enum: [...overrulable],
  });

const keepEntry = z.strictObject({
  name: textLike("The entry's name: the plan shows it.", "cluster-roles-of-ours"),
  reason: textLike("Why they are copied all the same: the plan shows it.", "kops named it, but we wrote it"),
  select: selector,
  rule: overruled.optional(),
});

export const keep = z
  .array(keepEntry)
  .default([])
  .superRefine(unique(({ name }) => [name]))
  .meta({
    description:
      "Objects that are copied although a rule would leave them behind. Some rules can't be overruled, since a copy would be untrue or do harm: see docs/rules.md.",
  });

const deployer = z.strictObject({
  deployer: textLike("Who, as the plan names it; * stands for any characters.", "helm shop/*", "argo-cd *").refine(
    (name) => !/^nobody\b/i.test(name),
    "is nobody: what no deployer is known of is always copied",
  ),
  handling: z.enum(["copy", "leave"]).meta({
    description:
      "Copy its objects as all others, or leave them to it: it brings them on green, and migrate waits for that.",
  }),
  timeout: wait
    .default("10m")
    .meta({ description: "How long migrate waits until what was left has come on green.", examples: ["10m"] }),
});

export const deployers = z
  .array(deployer)
  .default([])
  .superRefine(unique((entry) => [entry.deployer]))
  .meta({
    description: "What becomes of the objects of each deployer; the first entry that fits decides. Default: copy.",
  });
