import fc from "fast-check";
import type { ListenerAction } from "../../../../src/model/load-balancer.js";

/** Actions that a rule may have, in either form of a forward, over these target groups, the last one being green's. */
export function originalActions(groups: readonly string[]): fc.Arbitrary<ListenerAction[]> {
  const blue = groups.slice(0, -1);
  const short = fc.constantFrom(...blue).map((TargetGroupArn): ListenerAction => ({ Type: "forward", TargetGroupArn }));
  const weighted = fc
    .record({
      chosen: fc.shuffledSubarray(blue, { minLength: 1 }),
      weights: fc.array(fc.integer({ min: 0, max: 999 }), { minLength: blue.length, maxLength: blue.length }),
      green: fc.boolean(),
      sticky: fc.option(fc.integer({ min: 1, max: 604_800 }), { nil: undefined }),
    })
    .map(({ chosen, weights, green, sticky }): ListenerAction => {
      const TargetGroups = chosen.map((TargetGroupArn, index) => ({
        TargetGroupArn,
        Weight: index === 0 ? Math.max(1, weights[index] ?? 1) : (weights[index] ?? 1),
      }));
      const all = green ? [...TargetGroups, { TargetGroupArn: groups.at(-1) ?? "", Weight: 0 }] : TargetGroups;
      const stickiness = sticky === undefined ? { Enabled: false } : { Enabled: true, DurationSeconds: sticky };
      return { Type: "forward", ForwardConfig: { TargetGroups: all, TargetGroupStickinessConfig: stickiness } };
    });
  return fc.oneof(short, weighted).map((forward) => [forward]);
}
