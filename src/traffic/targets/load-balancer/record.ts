import type { Elbv2Api, TargetGroup } from "../../../aws/elbv2-api.js";
import { type LoadBalancerTarget, loadBalancerKey } from "../../../model/load-balancer.js";
import { configTrouble } from "../trouble.js";
import { forwardOf, groupName, groupsOf } from "./actions.js";
import { liveActions } from "./listener.js";
import type { RecordedLoadBalancer } from "./recorded.js";

/** AWS's quota of target groups for one action; it can't be raised. */
const mostGroups = 5;

export async function recordLoadBalancers(
  targets: readonly LoadBalancerTarget[],
  { elbv2 }: { elbv2: Elbv2Api },
): Promise<RecordedLoadBalancer[]> {
  const troubles: string[] = [];
  const recorded: RecordedLoadBalancer[] = [];
  for (const target of targets) {
    const { listenerArn, ruleArn, greenTargetGroup } = target;
    const key = loadBalancerKey(target);
    const before = await liveActions(target, elbv2);
    const found = await troublesOf(target, before, elbv2);
    troubles.push(...found.map((trouble) => `${key}: ${trouble}`));
    recorded.push({ kind: "load-balancer", key, listenerArn, ...(ruleArn && { ruleArn }), greenTargetGroup, before });
  }
  if (troubles.length > 0) throw configTrouble(troubles);
  return recorded;
}

/** Why this can't be shifted, or not brought back exactly. */
async function troublesOf(
  { greenTargetGroup, requireHealthy }: LoadBalancerTarget,
  before: RecordedLoadBalancer["before"],
  elbv2: Elbv2Api,
): Promise<string[]> {
  const forward = forwardOf(before);
  const green = groupName(greenTargetGroup);
  if (!forward) {
    return [`it sends nothing to target groups (${before.map(({ Type }) => Type).join(", ")}): there are no weights.`];
  }
  const groups = groupsOf(forward);
  const blue = groups.filter(({ TargetGroupArn }) => TargetGroupArn !== greenTargetGroup);
  if (groups.some(({ TargetGroupArn, Weight }) => TargetGroupArn === greenTargetGroup && Weight > 0)) {
    return [`${green} already has a share of its traffic: give it weight 0 first, or take it out of the action.`];
  }
  if (blue.every(({ Weight }) => Weight === 0)) return ["the weights of all its target groups are 0."];
  if (blue.length >= mostGroups)
    return [`it has ${blue.length} target groups, and AWS allows ${mostGroups} with green's.`];

  const described = await elbv2.targetGroups({
    arns: [greenTargetGroup, ...blue.map(({ TargetGroupArn }) => TargetGroupArn)],
  });
  const ours = described.find(({ arn }) => arn === greenTargetGroup);
  if (!ours) return [`green's target group ${greenTargetGroup} doesn't exist.`];
  const troubles = described.flatMap((other) => differences(ours, other));
  if (requireHealthy) {
    const states = await elbv2.targetHealth(greenTargetGroup);
    // A group that no listener names is not checked by AWS at all: its targets are `unused`, whatever they are.
    const checked = ours.loadBalancerArns.length > 0;
    if (!states.healthy && (checked || !states.unused)) {
      const seen = Object.entries(states).map(([state, count]) => `${count} ${state}`);
      troubles.push(
        `no target of ${green} is healthy (${seen.join(", ") || "it has none"}): mend it, or set unhealthy: allow.`,
      );
    }
  }
  return troubles;
}

function differences(green: TargetGroup, blue: TargetGroup): string[] {
  const troubles: string[] = [];
  if (green.vpcId !== blue.vpcId) {
    troubles.push(`${green.name} is in ${green.vpcId ?? "no VPC"}, and ${blue.name} in ${blue.vpcId ?? "no VPC"}.`);
  }
  if (green.protocol !== blue.protocol) {
    troubles.push(
      `${green.name} speaks ${green.protocol ?? "no protocol"}, and ${blue.name} ${blue.protocol ?? "none"}.`,
    );
  }
  return troubles;
}
