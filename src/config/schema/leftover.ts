import { z } from "zod";
import { duration, unique } from "../rules.js";
import { ca, checkTimeout, program, token } from "./analysis.js";
import { age, region, text, textLike, wait, webUrl } from "./values.js";

const name = textLike("Unique among the sources: what reports call it.", "blue's ingress");
const allowed = z
  .number()
  .min(0)
  .default(0)
  .meta({ description: "What may be left, in the source's unit: health checks, a scanner." });
const none = z.enum(["quiet", "unknown"]).default("unknown").meta({
  description: "What no data at all means. Where a metric exists only while somebody talks, it is quiet.",
});
const whoLabel = text.optional().meta({
  description: "Label that says who it is. Without it, all labels say so.",
  examples: ["client"],
});

const counter = z.strictObject({
  kind: z.literal("counter"),
  name,
  url: webUrl.meta({
    description: "Metrics of blue's edge or ingress, in Prometheus' text format.",
    examples: ["http://10.0.0.2:10254/metrics"],
  }),
  metric: textLike("Name of a counter, or for connections of a gauge.", "nginx_ingress_controller_requests"),
  labels: z
    .record(text, z.string())
    .default({})
    .meta({ description: "Labels that series must have to be counted.", examples: [{ ingress: "app" }] }),
  who: whoLabel,
  unit: z.enum(["requests", "connections"]).default("requests").meta({
    description:
      "requests: a counter, read twice; the difference counts. connections: a gauge of open ones, read once.",
  }),
  over: duration("1ms", "1h").default("10s").meta({ description: "Time between the two readings of a counter." }),
  token,
  ca,
  timeout: checkTimeout,
  allowed,
});

const prometheus = z.strictObject({
  kind: z.literal("prometheus"),
  name,
  url: webUrl.meta({
    description: "Of the server; /api/v1/query is added.",
    examples: ["https://prometheus.acme.example"],
  }),
  query: textLike("Instant query: how much, by who.", 'sum by (client) (rate(requests_total{cluster="blue"}[5m]))'),
  unit: z
    .enum(["requests/s", "connections"])
    .default("requests/s")
    .meta({ description: "What the query's values are." }),
  who: whoLabel,
  none,
  token,
  ca,
  timeout: checkTimeout,
  allowed,
});

const cloudwatch = z.strictObject({
  kind: z.literal("cloudwatch"),
  name,
  namespace: textLike("CloudWatch's namespace.", "AWS/ApplicationELB"),
  metric: textLike("RequestCount of an ALB or a classic one, ActiveFlowCount of an NLB.", "RequestCount"),
  dimensions: z
    .record(z.string(), text)
    .default({})
    .meta({ description: "All dimensions of the metric.", examples: [{ LoadBalancer: "app/blue/50dc6c495c0c9188" }] }),
  unit: z.enum(["requests", "connections"]).default("requests").meta({
    description: "requests: Sum of each minute, added up. connections: Maximum of any minute.",
  }),
  over: duration("1m", "1d").default("5m").meta({ description: "How far back, in whole minutes that have ended." }),
  none,
  region: region.optional().meta({ description: "Default: aws.region.", examples: ["us-east-1"] }),
  timeout: checkTimeout,
  allowed,
});

const command = z.strictObject({
  kind: z.literal("command"),
  name,
  run: program,
  unit: z.enum(["requests", "requests/s", "connections"]).default("requests").meta({
    description: "What it prints: one number, or lines of a name and a number.",
  }),
  timeout: wait.default("60s").meta({ description: "How long it may run." }),
  allowed,
});

/** Under `traffic`: who still talks to blue. */
export const leftover = z
  .strictObject({
    sources: z
      .array(z.discriminatedUnion("kind", [counter, prometheus, cloudwatch, command]))
      .default([])
      .superRefine(unique((source) => [source.name]))
      .meta({ description: "What tells of blue's traffic. `clustershift leftover` asks all of them." }),
    every: duration("1ms", "1d").default("1m").meta({
      description:
        "Time between two measurements of --until-zero. Of measurements more than five times as far apart, nothing is known between.",
    }),
    quietFor: age.default("15m").meta({ description: "How long blue must have been quiet before teardown." }),
    maxAge: age.default("15m").meta({ description: "How old the latest measurement may be at teardown." }),
  })
  .prefault({})
  .meta({ description: "Who still talks to blue, once green serves everything. With sources, teardown asks for it." });
