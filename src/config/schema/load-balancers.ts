import { z } from "zod";
import { unique } from "../rules.js";
import { text, textLike } from "./values.js";

const listenerArn =
  "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/edge/50dc6c495c0c9188/f2f7dc8e";

export const loadBalancers = z
  .array(
    z.strictObject({
      listener: z
        .union([
          textLike("ARN of the listener.", listenerArn).startsWith("arn:", "must be an ARN, or loadBalancer and port"),
          z.strictObject({
            loadBalancer: textLike("Name of the load balancer.", "edge"),
            port: z
              .int()
              .min(1)
              .max(65535)
              .meta({ description: "Port that it listens on.", examples: [443] }),
          }),
        ])
        .meta({ description: "The listener, of an application or a network load balancer." }),
      rule: z
        .union([
          z.literal("default"),
          z.int().min(1).max(50000),
          text.startsWith("arn:", "must be default, a priority, or an ARN"),
        ])
        .default("default")
        .meta({
          description: "Whose weights move: the listener's default action, or a rule by its priority or ARN.",
          examples: [10],
        }),
      green: z
        .union([
          z.strictObject({ targetGroup: textLike("Name or ARN of green's target group.", "green-web") }),
          z.strictObject({
            address: text.meta({ description: "In its place: one of green's stack outputs, that holds name or ARN." }),
          }),
        ])
        .meta({ description: "The target group that takes over." }),
      unhealthy: z.enum(["refuse", "allow"]).default("refuse").meta({
        description: "Whether a shift may begin while green's target group has no healthy target.",
      }),
    }),
  )
  .default([])
  .superRefine(
    unique(({ listener, rule }) => {
      if (typeof rule === "string" && rule !== "default") return [rule];
      const where = typeof listener === "string" ? listener : `${listener.loadBalancer}:${listener.port}`;
      return [`${where} ${rule}`];
    }),
  )
  .meta({ description: "Listeners and rules of load balancers whose target groups move by weights." });
