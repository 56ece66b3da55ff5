import { type Selector, selects } from "../../model/selector.js";
import type { Rule } from "./rule.js";

/** One entry of `replay.skip` in clustershift.yaml. */
export interface ConfiguredSkip {
  name: string;
  reason: string;
  select: Selector;
}

/** A team's own rules, in the order of its file. */
export function configuredRules(skips: readonly ConfiguredSkip[]): Rule[] {
  return skips.map(({ name, reason, select }) => ({
    id: name,
    ending: "skipped",
    reason,
    applies: (object) => selects(select, object),
  }));
}
