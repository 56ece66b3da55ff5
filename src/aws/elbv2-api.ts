import type { ListenerAction } from "../model/load-balancer.js";

export interface LoadBalancer {
  arn: string;
  /** `application`, `network`, `gateway` */
  type: string;
}

export interface Listener {
  arn: string;
  loadBalancerArn: string;
  port?: number;
  actions: ListenerAction[];
}

export interface Rule {
  arn: string;
  /** `1` to `50000`, or `default`. */
  priority: string;
  default: boolean;
  actions: ListenerAction[];
}

export interface TargetGroup {
  arn: string;
  name: string;
  protocol?: string;
  vpcId?: string;
  /** The load balancers that already send it traffic. */
  loadBalancerArns: string[];
}

/** Elastic Load Balancing. Every method throws UserError `aws-failed`, naming the action and the resource. */
export interface Elbv2Api {
  loadBalancer(name: string): Promise<LoadBalancer>;
  listeners(wanted: { loadBalancerArn: string } | { listenerArn: string }): Promise<Listener[]>;
  rules(wanted: { listenerArn: string } | { ruleArn: string }): Promise<Rule[]>;
  targetGroups(wanted: { arns: string[] } | { name: string }): Promise<TargetGroup[]>;
  /** How many targets the group has by their state: `{ healthy: 2, unused: 1 }`. */
  targetHealth(targetGroupArn: string): Promise<Record<string, number>>;
  /**
   * All actions of a rule in one call, its conditions and priority stay. Not sent again where it is unclear whether it
   * arrived: somebody else may have written since.
   */
  modifyRule(ruleArn: string, actions: readonly ListenerAction[]): Promise<void>;
  /** All default actions of a listener in one call; likewise. */
  modifyListener(listenerArn: string, actions: readonly ListenerAction[]): Promise<void>;
  /** The values of a tag by ARN, of those of these listeners and rules that have it. */
  tagsOf(arns: readonly string[], key: string): Promise<Map<string, string>>;
  /** Writes a tag of a listener or a rule, over whatever value it had. */
  tag(arn: string, key: string, value: string): Promise<void>;
  /** Takes a tag off, whatever its value; one that isn't there is no error. */
  untag(arns: readonly string[], key: string): Promise<void>;
}
