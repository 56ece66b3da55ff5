import type { ShiftTerms, Stage } from "../target.js";
import { actionsAt, describeActions, stickySeconds } from "./actions.js";
import type { RecordedLoadBalancer } from "./recorded.js";

export function weightStages(
  recorded: readonly RecordedLoadBalancer[],
  { attempt, steps, holdMs }: ShiftTerms,
): Stage[] {
  if (recorded.length === 0) return [];
  const sticky = Math.max(...recorded.map(({ before }) => stickySeconds(before)));
  const outlives = sticky > 0 ? ` (clients stay with the group they were sent to for up to ${sticky} s more)` : "";
  const places = recorded.map(({ key }) => key.replace("load-balancer:", "")).join(", ");
  return steps.map((share, index) => ({
    id: `share/${share}`,
    what: `green's target groups get ${share} % of ${places}${outlives}`,
    holdMs,
    moves: recorded.map(({ key, before, greenTargetGroup }) => {
      const to = actionsAt(before, greenTargetGroup, share);
      return {
        step: `cutover-${attempt}/${key}/${share}`,
        key,
        what: `green's share to ${share} %: ${describeActions(to)}`,
        from: actionsAt(before, greenTargetGroup, steps[index - 1] ?? 0),
        to,
      };
    }),
  }));
}
