import { whyNeverOverruled } from "../../model/rule-names.js";
import { type Selector, selects } from "../../model/selector.js";
import type { Rule } from "./rule.js";

/** One entry of `replay.keep` in clustershift.yaml. */
export interface ConfiguredKeep {
  name: string;
  reason: string;
  select: Selector;
  /** The one rule that is overruled; absent for every rule that would leave the objects behind. */
  rule?: string | undefined;
}

/**
 * The rules, each of which lets go of what a team keeps. Rules that only add to green's own, and those that can't be
 * overruled, stand as they were.
 */
export function lettingGo(rules: readonly Rule[], keeps: readonly ConfiguredKeep[]): Rule[] {
  return rules.map((rule) => {
    const overruling = keeps.filter((keep) => overrules(keep, rule));
    if (overruling.length === 0) return rule;
    return {
      ...rule,
      applies: (object, context) =>
        rule.applies(object, context) && !overruling.some(({ select }) => selects(select, object)),
    };
  });
}

function overrules({ rule: named }: ConfiguredKeep, rule: Rule): boolean {
  if (rule.ending === "merged" || whyNeverOverruled(rule.id) !== undefined) return false;
  return named === undefined || named === rule.id;
}
