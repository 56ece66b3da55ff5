import { z } from "zod";
import { policy } from "./policy.js";
import { teardown } from "./teardown.js";
import { validate } from "./validate.js";
import { kubeVersion, text, textLike, wait } from "./values.js";

const cluster = z.strictObject({
  name: textLike("The cluster's own name: what teardown asks for, and reports show.", "blue.acme.example"),
  kubeconfig: text.optional().meta({ description: "Path, relative to this file. Default: as kubectl finds it." }),
  context: textLike("Context in the kubeconfig.", "blue.acme.example"),
});

export const blue = cluster.extend({
  stack: z
    .strictObject({ name: textLike("The stack's name.", "acme-blue") })
    .optional()
    .meta({ description: "The Pulumi stack that made blue, if one did: teardown destroys it." }),
  teardown: teardown.optional(),
});

const sandboxStack = z.strictObject({
  kind: z.literal("sandbox"),
  sandbox: text.default("default").meta({ description: "Name of the running sandbox." }),
});

const eksStack = z.strictObject({
  kind: z.literal("eks"),
  settings: z
    .record(z.string(), z.unknown())
    .default({})
    .meta({ description: "Settings of the cluster stack, as in Pulumi.<stack>.yaml; see docs/stacks.md." }),
});

export const green = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "must be letters, digits, dots, hyphens and underscores, 100 at most")
    .meta({
      description: "Green's name, and its Pulumi stack's; carries a version or a date.",
      examples: ["acme-1-35"],
    }),
  version: kubeVersion.meta({ description: "Kubernetes version that green shall have: a minor.", examples: ["1.35"] }),
  stack: z
    .discriminatedUnion("kind", [sandboxStack, eksStack])
    .meta({ description: "What stands green up: a local control plane, or an EKS cluster." }),
  kubeconfig: text.optional().meta({
    description:
      "Path, relative to this file, of a kubeconfig for machines other than the one that stood green up. Default: as kubectl finds it.",
  }),
  context: text.optional().meta({
    description: "Context in it; without one another machine asks nothing of green.",
    examples: ["acme-1-35"],
  }),
  readyTimeout: wait.default("30m").meta({ description: "How long up waits until green is truly ready." }),
  policy,
  validate,
});
