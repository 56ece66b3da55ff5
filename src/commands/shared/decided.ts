import type { KubeObject } from "../../model/objects.js";
import { refKey, refOf } from "../../model/objects.js";
import { selects } from "../../model/selector.js";
import type { ConfiguredEntry, Decided } from "../../plan/assessment.js";
import { groupsOf, idleEntries } from "../../replay/deployers/groups.js";
import { danglingReferences } from "../../replay/references/dangling.js";
import type { ReplayPlan } from "../../replay/replay.js";
import { ruleFor, rulesWith } from "../../replay/rules/index.js";
import type { Project } from "./project.js";
import { deployersOf } from "./replay-rules.js";

/** What was decided over blue's objects, as far as a plan tells of it. */
export function decidedOver(objects: readonly KubeObject[], plan: ReplayPlan, { config }: Project): Decided {
  const deployers = groupsOf(plan);
  return {
    settled: plan.prepared.settled,
    deployers,
    dangling: danglingReferences(plan),
    configured: [
      ...skipped(plan, config),
      ...kept(objects, plan, config),
      ...idleEntries(deployers, deployersOf(config)).map((name) => ({
        list: "deployers" as const,
        entry: `replay.deployers "${name}"`,
        reason: "",
        objects: 0,
        unmoved: 0,
        by: [],
      })),
    ],
  };
}

function skipped({ prepared }: ReplayPlan, { replay }: Project["config"]): ConfiguredEntry[] {
  return replay.skip.map(({ name, reason }) => ({
    list: "skip",
    entry: `replay.skip "${name}"`,
    reason,
    objects: prepared.settled.filter(({ by }) => by === name).length,
    unmoved: 0,
    by: [],
  }));
}

/** What each entry of `keep` changes: told by what would be decided without any of them. */
function kept(objects: readonly KubeObject[], plan: ReplayPlan, config: Project["config"]): ConfiguredEntry[] {
  const { inventory } = plan.deciding;
  const without = rulesWith({ skip: config.replay.skip, deployers: deployersOf(config) });
  const settled = new Map(plan.prepared.settled.map((outcome) => [refKey(outcome.object), outcome]));
  return config.replay.keep.map(({ name, reason, select, rule }) => {
    const selected = objects.filter((object) => selects(select, object));
    const left = selected.filter((object) => {
      const decides = ruleFor(object, without, inventory);
      return decides !== undefined && decides.ending !== "merged" && (rule === undefined || rule === decides.id);
    });
    const unmoved = left.flatMap((object) => settled.get(refKey(refOf(object))) ?? []);
    return {
      list: "keep",
      entry: `replay.keep "${name}"`,
      reason,
      objects: left.length - unmoved.length,
      unmoved: unmoved.length,
      by: [...new Set(unmoved.map(({ by, ending }) => by ?? ending))].sort(),
    };
  });
}
