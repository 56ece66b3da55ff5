import { z } from "zod";
import { parseDuration } from "../model/duration.js";
import { parseKubeVersion } from "../model/kube-version.js";

/**
 * The shape of clustershift.yaml. Unknown keys are errors; every default is written here and nowhere else.
 * schema/clustershift.schema.json is generated from it, so that editors complete it.
 */
const text = z.string().min(1);

const duration = z
  .string()
  .refine((value) => parseDuration(value) !== undefined, 'is no duration: write for example "90s", "15m" or "1h30m"')
  .meta({ description: "A duration: 500ms, 90s, 15m, 1h30m, 2d." });

const kubeVersion = z
  .string()
  .refine((value) => parseKubeVersion(value) !== undefined, 'is no Kubernetes version: write for example "1.35"');

const instant = z
  .string()
  .refine((value) => !Number.isNaN(Date.parse(value)) && /\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(value), {
    error: 'is no time with a zone: write for example "2026-11-28T22:00:00+01:00"',
  });

const cluster = z.strictObject({
  name: text.meta({ description: "The cluster's own name: what teardown asks for, and reports show." }),
  kubeconfig: text.optional().meta({ description: "Path, relative to this file. Default: as kubectl finds it." }),
  context: text.meta({ description: "Context in the kubeconfig." }),
});

const blue = cluster.extend({
  stack: z
    .strictObject({ name: text })
    .optional()
    .meta({ description: "The Pulumi stack that made blue, if one did: teardown destroys it." }),
  teardown: z
    .strictObject({ command: z.array(text).min(1) })
    .optional()
    .meta({
      description: "For a blue that no stack made: the command that removes it, run by teardown at its very end.",
    }),
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

const green = z.strictObject({
  name: text.meta({ description: "Green's name, and its Pulumi stack's; carries a version or a date." }),
  version: kubeVersion,
  stack: z.discriminatedUnion("kind", [sandboxStack, eksStack]),
  readyTimeout: duration.default("30m"),
});

const pulumi = z
  .strictObject({
    backend: text.optional().meta({ description: "State backend URL. Default: file state beside the runs folder." }),
    passphraseFile: text.optional().meta({ description: "File with the passphrase of the stack's secrets." }),
  })
  .prefault({});

const aws = z
  .strictObject({
    region: text,
    endpoint: z.url().optional().meta({ description: "For emulators; every AWS client talks to it." }),
    profile: text.optional(),
  })
  .meta({ description: "Where traffic targets live." });

const window = z
  .strictObject({ opens: instant, closes: instant })
  .refine((value) => Date.parse(value.opens) < Date.parse(value.closes), "closes before it opens")
  .meta({ description: "The announced maintenance window. Without one cutover is allowed at any time." });

const recordTarget = z.strictObject({
  name: text.meta({ description: "Fully qualified name, e.g. app.acme.example" }),
  type: z.enum(["A", "AAAA", "CNAME"]).default("A"),
  green: z.union([
    z.strictObject({ values: z.array(text).min(1) }),
    z.strictObject({ address: text.meta({ description: "Name of an address among green's stack outputs." }) }),
  ]),
});

const traffic = z
  .strictObject({
    route53: z.array(z.strictObject({ zone: text, records: z.array(recordTarget).min(1) })).default([]),
    elasticIps: z
      .array(z.strictObject({ group: text.meta({ description: "Node group whose public addresses move." }) }))
      .default([]),
    steps: z
      .array(z.int().min(1).max(100))
      .min(1)
      .default([1, 5, 25, 50, 100])
      .refine((steps) => steps.at(-1) === 100, "must end with 100")
      .refine((steps) => steps.every((step, i) => i === 0 || step > (steps[i - 1] ?? 0)), "must rise from step to step")
      .meta({ description: "Green's share of the traffic after each step, in percent." }),
    hold: duration.default("60s").meta({ description: "How long each step is held before it is checked." }),
  })
  .prefault({});

const check = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("http"),
    name: text,
    url: z.url({ protocol: /^https?$/ }),
    /** Where to connect instead of resolving the name: green's, under production's name. */
    address: text
      .default("ingress")
      .meta({ description: "Name of an address among green's outputs, or an IP address." }),
    status: z.int().min(100).max(599).default(200),
    bodyContains: text.optional(),
    header: z
      .record(z.string(), z.string())
      .default({})
      .meta({ description: "Response headers that must have these values." }),
  }),
  z.strictObject({
    kind: z.literal("tcp"),
    name: text,
    address: text.default("ingress"),
    port: z.int().min(1).max(65535),
  }),
  z.strictObject({
    kind: z.literal("udp-syslog"),
    name: text,
    group: text.meta({ description: "Node group; one message goes to each of its nodes." }),
    port: z.int().min(1).max(65535).default(514),
  }),
  z.strictObject({
    kind: z.literal("dns"),
    name: text,
    query: text.meta({ description: "Name that must resolve." }),
    type: z.enum(["A", "AAAA", "CNAME", "TXT"]).default("A"),
    server: text.optional().meta({ description: "IP[:port] of the name server. Default: the system's." }),
  }),
  z.strictObject({
    kind: z.literal("tls"),
    name: text,
    serverName: text,
    address: text.default("ingress"),
    port: z.int().min(1).max(65535).default(443),
    validFor: duration.default("7d"),
    trust: z.enum(["system", "any"]).default("system"),
  }),
  z.strictObject({
    kind: z.literal("workloads"),
    name: text,
    namespaces: z.array(text).optional().meta({ description: "Default: all." }),
    timeout: duration.default("5m"),
  }),
  z.strictObject({ kind: z.literal("parity"), name: text }),
]);

const smoke = z
  .strictObject({
    maxAge: duration.default("30m").meta({ description: "Older results are no evidence." }),
    checks: z.array(check).default([]),
    timeout: duration.default("10s").meta({ description: "For each single network check." }),
  })
  .prefault({});

const bundle = z
  .strictObject({
    recipients: z
      .array(z.string().regex(/^age1[0-9a-z]+$/, "is no age recipient (age1…)"))
      .default([])
      .meta({ description: "Who can read the Secrets in the bundle. Without one, a key is made for the run." }),
    identityFile: text
      .optional()
      .meta({ description: "File with the age identity (AGE-SECRET-KEY-…) that reads them." }),
  })
  .prefault({});

const skip = z.strictObject({
  name: text.meta({ description: "The rule's name: accounting shows it." }),
  reason: text,
  group: z.string().optional(),
  kind: text.optional(),
  namespace: text.optional(),
  objectName: text.optional(),
});

const replay = z
  .strictObject({
    skip: z.array(skip).default([]).meta({ description: "Objects that stay behind, each by a named rule." }),
    concurrency: z.int().min(1).max(256).default(32),
  })
  .prefault({});

export const configSchema = z
  .strictObject({
    apiVersion: z.literal("clustershift.dev/v1"),
    environment: text.meta({ description: "What is migrated, in people's words: acme production." }),
    blue,
    green,
    aws: aws.optional(),
    window: window.optional(),
    pulumi,
    bundle,
    replay,
    smoke,
    traffic,
    soak: duration.default("24h").meta({ description: "How long green must have served everything before teardown." }),
    runs: text.default("runs").meta({ description: "Folder of the runs, relative to this file." }),
  })
  .refine((config) => config.aws || (config.traffic.route53.length === 0 && config.traffic.elasticIps.length === 0), {
    error: "is needed, since traffic names Route 53 records or Elastic IPs",
    path: ["aws"],
  })
  .refine((config) => config.blue.name !== config.green.name, {
    error: "must differ from blue.name",
    path: ["green", "name"],
  });

export type Config = z.infer<typeof configSchema>;
export type SmokeCheckConfig = Config["smoke"]["checks"][number];
