import { sha256 } from "../../../model/canonical.js";
import type { ListenerAction, WeightedGroup } from "../../../model/load-balancer.js";
import { loadBalancerKey } from "../../../model/load-balancer.js";
import type { Marking } from "../../marks/marking.js";
import { actionsAt, forwardOf, groupsOf, normal, sameActions } from "./actions.js";
import type { RecordedLoadBalancer } from "./recorded.js";

/**
 * On the listener or the rule, while it isn't as before: the weights of its target groups, by the last part of their ARNs, `-` where
 * none was written; green's group; whether the action named a group by itself; and a sum over all actions.
 *
 *   run=20261128T220000Z 50dc6c495c0c9188=100 f2f7dc8efc522ab2=50 green=77aa01bc9e24f310 form=tf sum=9f2c4be1a0d37c55
 */
export function balancerTag({ before, greenTargetGroup }: RecordedLoadBalancer, { run }: Pick<Marking, "run">): string {
  const forward = forwardOf(before);
  const groups = forward?.ForwardConfig?.TargetGroups ?? (forward ? groupsOf(forward) : []);
  const weights = groups.map(({ TargetGroupArn, Weight }) => `${idOf(TargetGroupArn)}=${Weight ?? "-"}`);
  const form = `${forward?.TargetGroupArn ? "t" : ""}${forward?.ForwardConfig ? "f" : ""}`;
  return [`run=${run}`, ...weights, `green=${idOf(greenTargetGroup)}`, `form=${form}`, `sum=${sumOf(before)}`].join(
    " ",
  );
}

/**
 * A listener or a rule as it was recorded, from its tag and its live actions.
 *
 * @returns undefined where the tag isn't one of ours, or doesn't fit what is there: somebody else changed it
 */
export function balancerFromTag(
  tag: string,
  { listenerArn, ruleArn }: Pick<RecordedLoadBalancer, "listenerArn" | "ruleArn">,
  live: readonly ListenerAction[],
): { run: string; recorded: RecordedLoadBalancer } | undefined {
  const { run, green, form, sum, ...weights } = Object.fromEntries(tag.split(" ").map((word) => word.split("=", 2)));
  if (!run || !green || !sum || form === undefined) return undefined;
  const before = live.map((action) => (action.Type === "forward" ? unweighted(action, weights, form) : action));
  if (sumOf(before) !== sum) return undefined;
  const arns = live.flatMap(groupsOf).map(({ TargetGroupArn }) => TargetGroupArn);
  const greenTargetGroup = arns.find((arn) => idOf(arn) === green);
  const key = loadBalancerKey({ listenerArn, ...(ruleArn && { ruleArn }) });
  const place = { kind: "load-balancer" as const, key, listenerArn, ...(ruleArn && { ruleArn }) };
  // Not moved yet: it names no group of green's.
  if (greenTargetGroup === undefined || sameActions(before, live))
    return { run, recorded: { ...place, greenTargetGroup: greenTargetGroup ?? "", before } };
  const shares = Array.from({ length: 100 }, (_, index) => index + 1);
  const fits = shares.some((share) => sameActions(actionsAt(before, greenTargetGroup, share), live));
  return fits ? { run, recorded: { ...place, greenTargetGroup, before } } : undefined;
}

/** A forward action with the groups and weights that it had, in the form that it had. */
function unweighted(action: ListenerAction, weights: Readonly<Record<string, string>>, form: string): ListenerAction {
  const TargetGroups = groupsOf(action).flatMap(({ TargetGroupArn }): WeightedGroup[] => {
    const weight = weights[idOf(TargetGroupArn)];
    if (weight === undefined) return [];
    return [weight === "-" ? { TargetGroupArn } : { TargetGroupArn, Weight: Number(weight) }];
  });
  const { TargetGroupArn: _, ForwardConfig, ...rest } = action;
  const [first] = TargetGroups;
  return {
    ...rest,
    ...(form.includes("t") && first && { TargetGroupArn: first.TargetGroupArn }),
    ...(form.includes("f") && { ForwardConfig: { ...ForwardConfig, TargetGroups } }),
  };
}

/** The last part of a target group's ARN, which no other has. */
function idOf(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

function sumOf(actions: readonly ListenerAction[]): string {
  return sha256(normal(actions)).slice(0, 16);
}
