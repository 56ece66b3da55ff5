import { z } from "zod";
import { unique } from "../rules.js";
import { selector } from "./selector.js";
import { textLike } from "./values.js";

const reason = textLike("Why: the plan and the report show it.", "It sends mail to customers");

const entry = z.strictObject({
  name: textLike("The hold's name: plan and status show it.", "mailers"),
  reason,
  select: selector,
  until: z.enum(["cutover", "teardown", "person"]).default("cutover").meta({
    description:
      "Released when green serves all traffic (cutover), when blue is gone (teardown), or by nobody but you (person).",
  }),
});

export const hold = z
  .array(entry)
  .default([])
  .superRefine(unique(({ name }) => [name]))
  .meta({
    description:
      "What must not act on green yet, beside what clustershift holds by itself: workloads are kept at 0 replicas, CronJobs and Jobs suspended, DaemonSets on no node, KEDA's ScaledObjects paused. The first that selects an object decides.",
  });

export const dontHold = z
  .array(z.strictObject({ reason, select: selector }))
  .default([])
  .meta({ description: "What runs on green from the beginning, whatever would hold it; but not what is exclusive." });
