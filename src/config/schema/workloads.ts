import { z } from "zod";
import { exclusive } from "./exclusive.js";
import { selector } from "./selector.js";
import { wait } from "./values.js";

const warm = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .meta({ description: "Whether green is made as big as blue is, before it gets any traffic." }),
    timeout: wait
      .default("15m")
      .meta({ description: "How long green's Pods may take to be ready: new nodes and images included." }),
    headroom: z
      .number()
      .min(0)
      .max(1000)
      .default(0)
      .meta({
        description: "Percent on top of what blue has ready: 20 asks green for 12 where blue has 10.",
        examples: [20],
      }),
    exclude: z
      .array(selector)
      .default([])
      .meta({ description: "Workloads that needn't be as big on green as they are on blue." }),
  })
  .prefault({})
  .meta({
    description:
      "Green's replicas and autoscalers' floors, held at blue's live count from the first share of traffic to teardown.",
  });

export const workloads = z.strictObject({ warm, exclusive }).prefault({});
