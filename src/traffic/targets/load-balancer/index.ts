import type { ListenerAction, LoadBalancerTarget } from "../../../model/load-balancer.js";
import type { Portion } from "../../../model/traffic.js";
import type { TargetKind } from "../target.js";
import { finishedActions, groupsOf } from "./actions.js";
import { loadBalancerListener } from "./listener.js";
import { recordLoadBalancers } from "./record.js";
import { type RecordedLoadBalancer, recordedLoadBalancer } from "./recorded.js";
import { weightStages } from "./stages.js";

/** Weights of target groups, on a listener or one of its rules: requests move at once, without any DNS. */
export const loadBalancer: TargetKind<LoadBalancerTarget, RecordedLoadBalancer> = {
  kind: "load-balancer",
  schema: recordedLoadBalancer,
  record: recordLoadBalancers,
  open: (recorded, { aws, clock }) => loadBalancerListener(recorded, { elbv2: aws.elbv2, clock }),
  stages: weightStages,
  portions: (recorded, live) => [portionOf(recorded, live as ListenerAction[])],
  finish: ({ before, greenTargetGroup }, { records }) =>
    records === "keep" ? undefined : finishedActions(before, greenTargetGroup),
  finishesFirst: true,
};

function portionOf({ key, before, greenTargetGroup }: RecordedLoadBalancer, live: readonly ListenerAction[]): Portion {
  const blues = new Set(before.flatMap(groupsOf).map(({ TargetGroupArn }) => TargetGroupArn));
  const portion = { what: key.replace("load-balancer:", ""), blue: 0, green: 0, other: 0 };
  for (const { TargetGroupArn, Weight } of live.flatMap(groupsOf)) {
    const colour = TargetGroupArn === greenTargetGroup ? "green" : blues.has(TargetGroupArn) ? "blue" : "other";
    portion[colour] += Weight;
  }
  return portion;
}
