import { z } from "zod";
import { duration, unique } from "../rules.js";
import { region, text, textLike, wait, webUrl } from "./values.js";

/** What a query may hold: `{{green}}`. */
const placeholders = ["blue", "green", "stage", "share", "run"] as const;

const query = text.superRefine((value, context) => {
  for (const [, name = ""] of value.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)) {
    if ((placeholders as readonly string[]).includes(name)) continue;
    const known = placeholders.map((each) => `{{${each}}}`).join(", ");
    context.addIssue({ code: "custom", message: `has {{${name}}}, which stands for nothing; there are ${known}` });
    return;
  }
});

const checkName = textLike("Unique among the checks: what reports call it.", "error rate of green");
export const checkTimeout = wait.default("10s").meta({ description: "How long an answer may take." });

const bounds = {
  min: z
    .number()
    .optional()
    .meta({ description: "A smaller value fails.", examples: [1] }),
  max: z
    .number()
    .optional()
    .meta({ description: "A greater value fails.", examples: [0.01] }),
};
const bounded = [
  ({ min, max }: { min?: number | undefined; max?: number | undefined }) => min !== undefined || max !== undefined,
  { message: "must have max, min or both: without, every value would pass" },
] as const;

const missing = z.enum(["passes", "fails", "inconclusive"]).default("inconclusive").meta({
  description: "What no data at all means. Where a metric exists only once there were errors, it passes.",
});

const request = z.strictObject({
  url: webUrl.meta({
    description: "What both are asked for, under production's name.",
    examples: ["https://app.acme.example/prices?currency=EUR"],
  }),
  method: z.enum(["GET", "HEAD"]).default("GET").meta({ description: "Only what changes nothing." }),
  headers: z
    .record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "is no name of a header"), text)
    .default({})
    .meta({ description: "Request headers.", examples: [{ accept: "application/json" }] }),
});

const replacement = z.strictObject({
  pattern: z
    .string()
    .refine(isPattern, 'is no regular expression: write for example "req-[0-9a-f]+"')
    .meta({ description: "Regular expression; every match is replaced.", examples: ["req-[0-9a-f]+"] }),
  with: z.string().default("").meta({ description: "What stands there instead." }),
});

export const ca = textLike(
  "File of certificates (PEM) to trust in place of the system's, relative to this file.",
  "tls/ca.pem",
).optional();

const compare = z.strictObject({
  kind: z.literal("compare"),
  name: checkName,
  requests: z.array(request).min(1).meta({ description: "The same ones go to blue and to green." }),
  blue: textLike("Blue's own IP address or host name: one that doesn't move with the traffic.", "192.0.2.10"),
  green: text.default("ingress").meta({
    description: "Name of an address among green's outputs, an IP address or a host name.",
  }),
  headers: z
    .array(text)
    .default([])
    .meta({ description: "Response headers that must agree.", examples: [["content-type", "cache-control"]] }),
  body: z.boolean().default(true).meta({ description: "Whether bodies must agree." }),
  ignore: z
    .array(z.string().regex(/^(\/([^~/]|~[01])*)+$/, 'is no JSON pointer: write for example "/items/*/id"'))
    .default([])
    .meta({ description: "JSON pointers that are left out; * is each member.", examples: [["/time", "/items/*/id"]] }),
  replace: z
    .array(replacement)
    .default([])
    .meta({ description: "What is replaced in texts, and in JSON's strings, before they are compared." }),
  samples: z.int().min(1).max(100).default(3).meta({ description: "How often each request is made." }),
  tolerated: z
    .number()
    .min(0)
    .max(99)
    .default(0)
    .meta({ description: "Share of the samples that may differ, in percent." }),
  ca,
  timeout: checkTimeout,
});

export const token = z
  .union([
    z.strictObject({ env: textLike("Environment variable that holds it.", "PROMETHEUS_TOKEN") }),
    z.strictObject({ file: textLike("File that holds it, relative to this file.", "secrets/prometheus-token") }),
  ])
  .optional()
  .meta({ description: "Bearer token. It never stands in this file, and is never shown." });

const prometheus = z
  .strictObject({
    kind: z.literal("prometheus"),
    name: checkName,
    url: webUrl.meta({
      description: "Of the server; /api/v1/query is added.",
      examples: ["https://prometheus.acme.example"],
    }),
    query: query.meta({
      description: "Instant query: a vector, each series of which must hold, or a scalar.",
      examples: ['sum(rate(http_requests_total{cluster="{{green}}",code=~"5.."}[2m]))'],
    }),
    ...bounds,
    missing,
    token,
    ca,
    timeout: checkTimeout,
  })
  .refine(...bounded);

const metric = z.strictObject({
  namespace: textLike("CloudWatch's namespace.", "AWS/ApplicationELB"),
  name: textLike("Name of the metric.", "HTTPCode_Target_5XX_Count"),
  dimensions: z
    .record(z.string(), query)
    .default({})
    .meta({
      description: "All dimensions of the metric.",
      examples: [{ LoadBalancer: "app/{{green}}/50dc6c495c0c9188" }],
    }),
  statistic: textLike("Average, Sum, Maximum, p99, …", "Sum"),
});

const cloudwatch = z
  .strictObject({
    kind: z.literal("cloudwatch"),
    name: checkName,
    metrics: z
      .record(z.string().regex(/^[a-z][a-zA-Z0-9_]*$/, "is no id: begin with a small letter"), metric)
      .default({})
      .meta({ description: "Metrics, by ids that the expression uses. Without an expression each is judged." }),
    expression: query.optional().meta({ description: "Metric math over them.", examples: ["errors / requests * 100"] }),
    ...bounds,
    missing,
    period: duration("1s", "1d").default("1m").meta({ description: "Time that each data point stands for." }),
    over: duration("1s", "15d").default("5m").meta({ description: "How far back: every data point of it must hold." }),
    region: region.optional().meta({ description: "Default: aws.region.", examples: ["us-east-1"] }),
    timeout: checkTimeout,
  })
  .refine(...bounded)
  .refine(({ metrics, expression }) => expression !== undefined || Object.keys(metrics).length > 0, {
    message: "must have metrics, an expression or both",
  });

export const program = z
  .array(z.string())
  .min(1)
  .refine(([program]) => program === undefined || /\S/.test(program), "must begin with a program")
  .meta({
    description: "Program and arguments; no shell reads them. It runs in this file's folder.",
    examples: [["./checks/orders.sh", "--fast"]],
  });

const command = z.strictObject({
  kind: z.literal("command"),
  name: checkName,
  run: program,
  timeout: wait.default("60s").meta({ description: "How long it may run." }),
});

/** Under `traffic`: what the world says of green between the steps. */
export const analysis = {
  analysis: z
    .array(z.discriminatedUnion("kind", [compare, prometheus, cloudwatch, command]))
    .default([])
    .superRefine(unique(({ name }) => [name]))
    .meta({
      description:
        "Evidence between the steps, beside the smoke checks. One that fails moves everything back; one that is inconclusive holds.",
    }),
  inconclusiveFor: duration("0s", "1d").default("10m").meta({
    description: "How long a step is held while checks are inconclusive; then everything moves back.",
  }),
};

function isPattern(source: string): boolean {
  try {
    new RegExp(source);
    return source !== "";
  } catch {
    return false;
  }
}
