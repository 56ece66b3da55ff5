import { groupOf, type KubeObject, kindKey } from "../../model/objects.js";
import { addOnRules } from "./add-ons.js";
import { type ConfiguredSkip, configuredRules } from "./configured.js";
import { derivedRules } from "./derived.js";
import { mergedRules } from "./merged.js";
import { perClusterRules } from "./per-cluster.js";
import type { Rule, RuleContext } from "./rule.js";

/** Every rule by which an object is not simply copied. The first that applies decides; register a new one here. */
export const rules: readonly Rule[] = [...perClusterRules, ...derivedRules, ...mergedRules, ...addOnRules];

/** The team's own rules come first: what it says of its objects overrides what we think. */
export function rulesWith(skips: readonly ConfiguredSkip[]): Rule[] {
  return [...configuredRules(skips), ...rules];
}

/** The rule that decides over an object, or undefined where it is copied. */
export function ruleFor(object: KubeObject, rules: readonly Rule[], context: RuleContext): Rule | undefined {
  const kind = kindKey({ group: groupOf(object.apiVersion), kind: object.kind });
  return rules.find((rule) => (rule.kinds === undefined || rule.kinds.includes(kind)) && rule.applies(object, context));
}
