import { z } from "zod";
import { hold, text } from "./values.js";

export const health = z
  .strictObject({
    times: z.int().min(1).max(20).default(3).meta({
      description:
        "How often blue and green are looked at before a cutover; all looks must be good, as one that flaps passes once.",
    }),
    every: hold.default("10s").meta({ description: "How long after a look the next one is taken." }),
    nodes: z
      .int()
      .min(1)
      .max(100)
      .default(90)
      .meta({ description: "Percent of a cluster's nodes that must be Ready." }),
    namespaces: z
      .array(text)
      .default(["kube-system"])
      .meta({ description: "Namespaces whose Deployments, StatefulSets and DaemonSets must be available." }),
  })
  .prefault({});
