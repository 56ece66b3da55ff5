import { z } from "zod";
import { hold, text } from "./values.js";

export const validate = z
  .strictObject({
    steady: hold.default("1m").meta({
      description: "For how long every check must pass, one look after the other: a cluster that flaps passes once.",
    }),
    every: hold.default("10s").meta({ description: "How long after a look the next one is taken." }),
    image: text.optional().meta({
      description:
        "Image of the pods that resolve names and reach the API and other zones from each zone: with `sh`, `nslookup`, `nc` and `timeout`, as busybox has them. Left out, no pod is made, and nothing says that pods reach each other.",
      examples: ["registry.acme.example/busybox:1.37"],
    }),
    podTimeout: hold.default("3m").meta({ description: "How long such a pod may take to come up and answer." }),
  })
  .prefault({})
  .meta({ description: "When green counts as standing, after up and for `clustershift validate`." });
