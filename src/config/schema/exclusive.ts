import { z } from "zod";
import { unique } from "../rules.js";
import { selector } from "./selector.js";
import { text, textLike, wait } from "./values.js";

const rule = z.strictObject({
  name: textLike("The rule's name: the plan shows it, and it is the hold's that keeps green's quiet.", "billing"),
  reason: textLike("Why two must never run at once: the plan shows it.", "It sends invoices"),
  select: selector,
});

export const exclusive = z
  .strictObject({
    rules: z
      .array(rule)
      .default([])
      .superRefine(unique(({ name }) => [name]))
      .meta({
        description:
          "What runs on one cluster at a time: CronJobs, Deployments, StatefulSets, and ReplicaSets of their own. cutover stops it on blue once green serves everything (an external-dns before any traffic moves, as it would write over the records), waits until it has ended, and only then releases green's; rollback does the reverse. These are the only writes to blue. None by default.",
      }),
    kubeconfig: text.optional().meta({
      description:
        "Path, relative to this file, of the kubeconfig with the hand-over's own identity in blue (clustershift permissions blue-hand-over). Default: as kubectl finds it.",
    }),
    context: text.optional().meta({
      description: "Context in it. Needed where there are rules; blue.context stays for reading only.",
      examples: ["blue-hand-over"],
    }),
    timeout: wait.default("10m").meta({
      description:
        "How long Pods and Jobs of what was stopped may take to end, on blue before green's are released, and on green before blue's are started again.",
    }),
  })
  .refine(({ rules, context }) => rules.length === 0 || context !== undefined, {
    error: "is missing: which identity may stop them on blue? See clustershift permissions blue-hand-over",
    path: ["context"],
  })
  .prefault({})
  .meta({ description: "Workloads that two clusters must not run at once, handed over from blue to green." });
