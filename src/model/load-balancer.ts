/** What a listener or one of its rules does with a request, whole, in the SDK's own shape and member names. */
export interface ListenerAction {
  /** `forward`, `authenticate-oidc`, `redirect`, … */
  Type: string;
  Order?: number;
  TargetGroupArn?: string;
  ForwardConfig?: ForwardConfig;
  [field: string]: unknown;
}

export interface ForwardConfig {
  TargetGroups?: WeightedGroup[];
  /** Clients that were sent to a group are sent there again for this many seconds, whatever the weights say by then. */
  TargetGroupStickinessConfig?: { Enabled?: boolean; DurationSeconds?: number };
}

export interface WeightedGroup {
  TargetGroupArn: string;
  /** 0 to 999; AWS's default is 1. */
  Weight?: number;
}

/** A listener's default action, or a rule's, whose target groups share the traffic by weight. */
export interface LoadBalancerTarget {
  kind: "load-balancer";
  listenerArn: string;
  /** Without it, the listener's default action moves. */
  ruleArn?: string;
  /** ARN of green's target group. */
  greenTargetGroup: string;
  /** False: green's target group may be without a healthy target when the shift begins. */
  requireHealthy: boolean;
}

/** `load-balancer:app/edge/50dc6c495c0c9188/f2f7dc8efc522ab2`, from the ARN of a rule or a listener. */
export function loadBalancerKey({ listenerArn, ruleArn }: Pick<LoadBalancerTarget, "listenerArn" | "ruleArn">): string {
  return `load-balancer:${(ruleArn ?? listenerArn).replace(/^.*:listener(-rule)?\//, "")}`;
}
