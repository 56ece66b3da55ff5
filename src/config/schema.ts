import { z } from "zod";
import { parseKubeVersion } from "../model/kube-version.js";
import { duration, isServer, recordName, unique, wrongValue } from "./rules.js";

/**
 * The shape of clustershift.yaml. Unknown keys are errors; every default is written here and nowhere else.
 * schema/clustershift.schema.json is generated from it, so that editors complete it.
 */
const text = z.string().regex(/\S/, "must not be empty");

/** A text with what it is and how it looks: editors show both, and so does the message where it is missing. */
const textLike = (description: string, ...examples: string[]) => text.meta({ description, examples });

/** What is waited for ends before Node's timers do, after 24 days; a limit of no time at all could never be met. */
const wait = duration("1ms", "20d");
const hold = duration("0s", "20d");
const age = duration("0s", "3650d");

const kubeVersion = z
  .string()
  .refine((value) => parseKubeVersion(value) !== undefined, 'is no Kubernetes version: write for example "1.35"')
  .meta({ examples: ["1.35"] });

const instant = z.iso
  .datetime({ offset: true, error: 'is no time with a zone: write for example "2026-11-28T22:00:00+01:00"' })
  .meta({ examples: ["2026-11-28T22:00:00+01:00"] });

const webUrl = z
  .url({
    protocol: /^https?$/,
    hostname: /./,
    error: 'is no http(s) URL: write for example "https://app.acme.example/health"',
  })
  .refine((value) => !/^[a-z]+:\/\/[^/]*@/i.test(value), "must not hold a user or password: reports show it")
  .meta({ examples: ["https://app.acme.example/health"] });

const port = z
  .int()
  .min(1)
  .max(65535)
  .meta({ examples: [443] });

const cluster = z.strictObject({
  name: textLike("The cluster's own name: what teardown asks for, and reports show.", "blue.acme.example"),
  kubeconfig: text.optional().meta({ description: "Path, relative to this file. Default: as kubectl finds it." }),
  context: textLike("Context in the kubeconfig.", "blue.acme.example"),
});

const blue = cluster.extend({
  stack: z
    .strictObject({ name: textLike("The stack's name.", "acme-blue") })
    .optional()
    .meta({ description: "The Pulumi stack that made blue, if one did: teardown destroys it." }),
  teardown: z
    .strictObject({
      command: z
        .array(text)
        .min(1)
        .meta({ description: "Program and arguments.", examples: [["kops", "delete", "cluster", "--yes"]] }),
    })
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
  readyTimeout: wait.default("30m").meta({ description: "How long up waits until green is truly ready." }),
});

const pulumi = z
  .strictObject({
    backend: text.optional().meta({ description: "State backend URL. Default: file state beside the runs folder." }),
    passphraseFile: text.optional().meta({ description: "File with the passphrase of the stack's secrets." }),
  })
  .prefault({});

const aws = z
  .strictObject({
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d+$/, 'is no AWS region: write for example "eu-central-1"')
      .meta({ description: "Region of the load balancers and addresses.", examples: ["eu-central-1"] }),
    endpoint: webUrl.optional().meta({ description: "For emulators; every AWS client talks to it." }),
    profile: text.optional().meta({ description: "Profile of the AWS configuration. Default: as the SDK finds it." }),
  })
  .meta({ description: "Where traffic targets live." });

const window = z
  .strictObject({
    opens: instant.meta({
      description: "The cutover may begin from then on.",
      examples: ["2026-11-28T22:00:00+01:00"],
    }),
    closes: instant.meta({ description: "No cutover begins from then on.", examples: ["2026-11-29T04:00:00+01:00"] }),
  })
  .refine((value) => !(Date.parse(value.opens) >= Date.parse(value.closes)), {
    error: "must be later than window.opens",
    path: ["closes"],
  })
  .meta({ description: "The announced maintenance window. Without one cutover is allowed at any time." });

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
        z.strictObject({ address: text.meta({ description: "Name of an address among green's stack outputs." }) }),
      ])
      .meta({ description: "What the record says of green: either values, or an address." }),
  })
  .superRefine(({ type, green }, context) => {
    const wrong = "values" in green ? wrongValue(type, green.values) : undefined;
    if (wrong) context.addIssue({ code: "custom", path: ["green", "values", wrong.index], message: wrong.message });
  });

const traffic = z
  .strictObject({
    route53: z
      .array(
        z.strictObject({
          zone: textLike("Id or name of the hosted zone.", "acme.example"),
          records: z.array(recordTarget).min(1).meta({ description: "Records of the zone that move, all together." }),
        }),
      )
      .default([])
      .superRefine(unique(({ records }) => records.map(({ name, type }) => `${recordName(name)} ${type}`)))
      .meta({ description: "Hosted zones whose records move by weights." }),
    elasticIps: z
      .array(z.strictObject({ group: textLike("Node group whose public addresses move.", "syslog") }))
      .default([])
      .superRefine(unique(({ group }) => [group]))
      .meta({ description: "Node groups whose Elastic IPs move, zone by zone, after the records." }),
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
  })
  .prefault({});

const checkName = textLike("Unique among the checks: what reports call it.", "app answers");

const check = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("http"),
    name: checkName,
    url: webUrl.meta({
      description: "What is asked for, under production's name.",
      examples: ["https://app.acme.example/health"],
    }),
    /** Where to connect instead of resolving the name: green's, under production's name. */
    address: text
      .default("ingress")
      .meta({ description: "Name of an address among green's outputs, or an IP address." }),
    status: z.int().min(100).max(599).default(200).meta({ description: "Status that the answer must have." }),
    bodyContains: text.optional().meta({ description: "Text that the answer must hold." }),
    header: z
      .record(z.string(), z.string())
      .default({})
      .meta({ description: "Response headers that must have these values." }),
  }),
  z.strictObject({
    kind: z.literal("tcp"),
    name: checkName,
    address: text
      .default("ingress")
      .meta({ description: "Name of an address among green's outputs, or an IP address." }),
    port: port.meta({ description: "Port that must take a connection.", examples: [443] }),
  }),
  z.strictObject({
    kind: z.literal("udp-syslog"),
    name: checkName,
    group: textLike("Node group; one message goes to each of its nodes.", "syslog"),
    port: port.default(514).meta({ description: "UDP port of the syslog receiver." }),
  }),
  z.strictObject({
    kind: z.literal("dns"),
    name: checkName,
    query: textLike("Name that must resolve.", "app.acme.example"),
    type: z.enum(["A", "AAAA", "CNAME", "TXT"]).default("A").meta({ description: "Type of the answer." }),
    server: z
      .string()
      .refine(isServer, 'is no IP address, with or without a port: write for example "10.0.0.2:53"')
      .optional()
      .meta({ description: "IP[:port] of the name server. Default: the system's." }),
  }),
  z.strictObject({
    kind: z.literal("tls"),
    name: checkName,
    serverName: textLike("Name that the certificate must hold.", "app.acme.example"),
    address: text
      .default("ingress")
      .meta({ description: "Name of an address among green's outputs, or an IP address." }),
    port: port.default(443).meta({ description: "TCP port of the TLS server." }),
    validFor: age.default("7d").meta({ description: "How long the certificate must still hold." }),
    trust: z
      .enum(["system", "any"])
      .default("system")
      .meta({
        description: "Whose certificates count: those that this system trusts, or any, for private authorities.",
      }),
  }),
  z.strictObject({
    kind: z.literal("workloads"),
    name: checkName,
    namespaces: z.array(text).optional().meta({ description: "Whose workloads must be ready. Default: all." }),
    timeout: wait.default("5m").meta({ description: "How long workloads may take to be ready." }),
  }),
  z.strictObject({ kind: z.literal("parity"), name: checkName }),
]);

const smoke = z
  .strictObject({
    maxAge: wait.default("30m").meta({ description: "Older results are no evidence." }),
    checks: z
      .array(check)
      .default([])
      .superRefine(unique(({ name }) => [name]))
      .meta({ description: "What must hold of green before it gets traffic, and after each step." }),
    timeout: wait.default("10s").meta({ description: "For each single network check." }),
  })
  .prefault({});

/** Native and post-quantum recipients: bech32 without its checksum, which export looks at. */
const recipient = z
  .string()
  .regex(
    /^age1(?:(?:pq|tag|tagpq)1)?[02-9ac-hj-np-z]{58,}$/,
    'is no age recipient: write the public key, "age1…", as age-keygen -y prints it',
  );

const bundle = z
  .strictObject({
    recipients: z
      .array(recipient)
      .default([])
      .meta({ description: "Who can read the Secrets in the bundle. Without one, a key is made for the run." }),
    identityFile: text
      .optional()
      .meta({ description: "File with the age identity (AGE-SECRET-KEY-…) that reads them." }),
  })
  .prefault({});

const skip = z
  .strictObject({
    name: textLike("The rule's name: accounting shows it.", "left-to-the-vendor"),
    reason: textLike("Why they stay behind: the report shows it.", "The vendor installs its own in green"),
    group: z.string().optional().meta({ description: 'API group; "" is the core group.' }),
    kind: text.optional().meta({ description: "Kind, e.g. CronJob." }),
    namespace: text.optional().meta({ description: "Namespace of the objects, and the Namespace itself." }),
    objectName: text.optional().meta({ description: "Name of one object." }),
  })
  .refine(
    ({ group, kind, namespace, objectName }) => [group, kind, namespace, objectName].some((part) => part !== undefined),
    "would skip everything: say which objects by kind, group, namespace or objectName",
  );

const replay = z
  .strictObject({
    skip: z
      .array(skip)
      .default([])
      .superRefine(unique(({ name }) => [name]))
      .meta({ description: "Objects that stay behind, each by a named rule." }),
    concurrency: z
      .int()
      .min(1)
      .max(256)
      .default(32)
      .meta({ description: "Objects that are written to green at the same time." }),
  })
  .prefault({});

export const configSchema = z
  .strictObject({
    apiVersion: z.literal("clustershift.dev/v1").meta({ description: "Version of this file's format." }),
    environment: textLike("What is migrated, in people's words: acme production.", "acme production"),
    blue,
    green,
    aws: aws.optional(),
    window: window.optional(),
    pulumi,
    bundle,
    replay,
    smoke,
    traffic,
    soak: age.default("24h").meta({ description: "How long green must have served everything before teardown." }),
    runs: text.default("runs").meta({ description: "Folder of the runs, relative to this file." }),
  })
  .refine((config) => config.aws || (config.traffic.route53.length === 0 && config.traffic.elasticIps.length === 0), {
    error: "is missing, but traffic names Route 53 records or Elastic IPs: write a mapping with region",
    path: ["aws"],
  })
  .refine((config) => config.blue.name !== config.green.name, {
    error: "must differ from blue.name: green is another cluster",
    path: ["green", "name"],
  });

export type Config = z.infer<typeof configSchema>;
export type SmokeCheckConfig = Config["smoke"]["checks"][number];
