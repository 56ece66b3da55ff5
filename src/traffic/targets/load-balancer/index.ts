import type { LoadBalancerTarget } from "../../../model/load-balancer.js";
import type { TargetKind } from "../target.js";
import { finishedActions } from "./actions.js";
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
  finish: ({ before, greenTargetGroup }, { records }) =>
    records === "keep" ? undefined : finishedActions(before, greenTargetGroup),
  finishesFirst: true,
};
