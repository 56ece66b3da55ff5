import type { KubeObject } from "../../model/objects.js";
import type { ConfiguredEntry, Exclusives } from "../../plan/assessment.js";
import type { ChangeContext } from "../../replay/changes/change.js";
import { knownHold } from "../../replay/holds/index.js";
import { chooseExclusive, type Exclusive, planned } from "../../workloads/exclusive/choose.js";
import type { Project } from "./project.js";

/** What of blue's objects would be handed over, as far as a plan tells of it. */
export function exclusivesOf(
  objects: readonly KubeObject[],
  { config }: Project,
  context: ChangeContext,
): { exclusive: Exclusives; entries: ConfiguredEntry[] } {
  const { rules } = config.workloads.exclusive;
  const { exclusive, others } = chooseExclusive(rules, objects);
  const isFirst = ({ workload }: Exclusive) => knownHold(workload, context) === "external-dns";
  return {
    exclusive: {
      planned: exclusive.map((each) => ({ ...planned(each), ...(isFirst(each) && { first: true }) })),
      others,
      autoscalers: exclusive.flatMap(({ autoscaler }) => autoscaler ?? []),
    },
    entries: rules.map(({ name, reason }) => ({
      list: "exclusive",
      entry: `workloads.exclusive "${name}"`,
      reason,
      objects: [...exclusive, ...others].filter(({ rule }) => rule === name).length,
      unmoved: 0,
      by: [],
    })),
  };
}
