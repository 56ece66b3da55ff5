import { canonicalJson } from "../../../model/canonical.js";
import type { ListenerAction, WeightedGroup } from "../../../model/load-balancer.js";
import { sharedWeights } from "./weights.js";

/** Of the groups that a forward action names, in either of AWS's two forms. */
export function groupsOf({ TargetGroupArn, ForwardConfig }: ListenerAction): Required<WeightedGroup>[] {
  const groups = ForwardConfig?.TargetGroups ?? (TargetGroupArn ? [{ TargetGroupArn }] : []);
  return groups.map(({ TargetGroupArn: arn, Weight = 1 }) => ({ TargetGroupArn: arn, Weight }));
}

/** A rule has at most one. */
export function forwardOf(actions: readonly ListenerAction[]): ListenerAction | undefined {
  return actions.find(({ Type }) => Type === "forward");
}

/**
 * The actions in which green's group has `share` percent. All but the forward action's weights stays as it was, and blue's
 * groups stay there with weight 0 at the end. Share 0 is `before` itself.
 */
export function actionsAt(before: readonly ListenerAction[], green: string, share: number): ListenerAction[] {
  if (share === 0) return [...before];
  return before.map((action) => {
    if (action.Type !== "forward") return action;
    const groups = groupsOf(action);
    const blue = groups.filter(({ TargetGroupArn }) => TargetGroupArn !== green);
    const weights = sharedWeights(
      blue.map(({ Weight }) => Weight),
      share,
    );
    const blueGroups = blue.map((group, index) => ({ ...group, Weight: weights.blue[index] ?? 0 }));
    // The short form can name but one group.
    const { TargetGroupArn: _, ...rest } = action;
    return {
      ...rest,
      ForwardConfig: {
        ...action.ForwardConfig,
        TargetGroups: [...blueGroups, { TargetGroupArn: green, Weight: weights.green }],
      },
    };
  });
}

/** The actions once blue is gone: groups that had traffic of blue's leave, as none that a rule names can be deleted. */
export function finishedActions(before: readonly ListenerAction[], green: string): ListenerAction[] {
  const served = new Set(
    before.flatMap((action) => groupsOf(action).flatMap((group) => (group.Weight > 0 ? [group.TargetGroupArn] : []))),
  );
  return actionsAt(before, green, 100).map((action) => {
    if (action.Type !== "forward") return action;
    const TargetGroups = groupsOf(action).filter(({ TargetGroupArn }) => !served.has(TargetGroupArn));
    return { ...action, ForwardConfig: { ...action.ForwardConfig, TargetGroups } };
  });
}

/** Equal in what they do: AWS shows defaults that were never written, and groups in an order of its own. */
export function sameActions(a: readonly ListenerAction[], b: readonly ListenerAction[]): boolean {
  return canonicalJson(normal(a)) === canonicalJson(normal(b));
}

/** What actions do, as JSON that is equal for equal ones. */
export function normal(actions: readonly ListenerAction[]): unknown {
  return [...actions]
    .sort((a, b) => (a.Order ?? 0) - (b.Order ?? 0))
    .map((action) => {
      const { Order: _, ...rest } = action;
      if (action.Type !== "forward") return rest;
      const { TargetGroupArn: __, ForwardConfig, ...others } = rest;
      const sticky = ForwardConfig?.TargetGroupStickinessConfig;
      return {
        ...others,
        groups: Object.fromEntries(groupsOf(action).map(({ TargetGroupArn, Weight }) => [TargetGroupArn, Weight])),
        sticky: sticky?.Enabled ? (sticky.DurationSeconds ?? 0) : 0,
      };
    });
}

/** Seconds for which clients stay with the group that they were sent to first; 0 where they don't. */
export function stickySeconds(actions: readonly ListenerAction[]): number {
  const sticky = forwardOf(actions)?.ForwardConfig?.TargetGroupStickinessConfig;
  return sticky?.Enabled ? (sticky.DurationSeconds ?? 0) : 0;
}

export function describeActions(actions: readonly ListenerAction[]): string {
  return actions
    .map((action) =>
      action.Type === "forward"
        ? `forward to ${groupsOf(action)
            .map(({ TargetGroupArn, Weight }) => `${groupName(TargetGroupArn)} ${Weight}`)
            .join(", ")}`
        : action.Type,
    )
    .join("; ");
}

/** `blue-web`, from a target group's ARN. */
export function groupName(arn: string): string {
  return /targetgroup\/([^/]+)\//.exec(arn)?.[1] ?? arn;
}
