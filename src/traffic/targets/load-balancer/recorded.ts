import { z } from "zod";
import type { ListenerAction } from "../../../model/load-balancer.js";

/** Whole, with whatever else AWS says of an action. */
const action = z.looseObject({ Type: z.string() }).transform((read) => read as ListenerAction);

/** A rule's or a listener's actions as they were, and the target group that takes over. */
export type RecordedLoadBalancer = z.infer<typeof recordedLoadBalancer>;

export const recordedLoadBalancer = z.object({
  kind: z.literal("load-balancer"),
  key: z.string(),
  listenerArn: z.string(),
  ruleArn: z.string().optional(),
  greenTargetGroup: z.string(),
  before: z.array(action).min(1),
});
