import { z } from "zod";
import { age, text, textLike, wait } from "./values.js";

const keptTag = z.strictObject({
  tag: textLike("The tag.", "team"),
  value: text.optional().meta({ description: "Its value. Default: whatever it is.", examples: ["data"] }),
});

const drain = z.strictObject({
  kubeconfig: text.optional().meta({
    description:
      "Path, relative to this file, of the kubeconfig with the drain's own identity in blue (clustershift permissions blue-drain). Default: as kubectl finds it.",
  }),
  context: textLike("Context in it; blue.context stays for reading only.", "blue-drain"),
  timeout: wait
    .default("15m")
    .meta({ description: "How long blue's controllers may take to delete their load balancers.", examples: ["15m"] }),
});

const finalSnapshots = z.strictObject({
  keepFor: age.default("90d").meta({
    description: "How long they're to be kept: each gets a tag with the day. Nothing deletes them by itself.",
    examples: ["90d"],
  }),
  timeout: wait.default("6h").meta({ description: "How long AWS may take to complete them.", examples: ["6h"] }),
});

export const teardown = z
  .strictObject({
    command: z
      .array(text)
      .min(1)
      .optional()
      .meta({
        description:
          "For a blue that no stack made: the command that removes it, program and arguments, run by teardown at its very end.",
        examples: [["kops", "delete", "cluster", "--yes"]],
      }),
    cluster: textLike("Blue's name as tags in AWS have it. Default: blue.name.", "production").optional(),
    keep: z
      .array(textLike("Id, ARN, name, DNS name or address of a resource.", "vol-0123456789abcdef0"))
      .default([])
      .meta({ description: "What is never deleted, nor drained, though it's thought blue's." }),
    keepTags: z
      .array(keptTag)
      .default([])
      .meta({ description: "Tags of what is never deleted, though it's thought blue's." }),
    dnsOwners: z
      .array(text)
      .default([])
      .meta({
        description:
          "Owner ids of blue's external-dns, beside those that its own objects say. An id that green's has, too, never counts.",
        examples: [["blue"]],
      }),
    drain: drain.optional().meta({
      description:
        "Deletes blue's Services of type LoadBalancer, and its Ingresses of the AWS Load Balancer Controller, right before blue is removed, so that its controllers delete what they made. Without it the load balancers stay behind.",
    }),
    finalSnapshots: finalSnapshots.optional().meta({
      description:
        "A snapshot of each volume of blue's PersistentVolumes, right before blue is removed. None by default.",
    }),
  })
  .meta({ description: "What teardown does beside blue's stack. See docs/teardown.md." });
