import { groupOf, type KubeObject, kindKey } from "../../model/objects.js";
import { type ConfiguredDeployer, leavingTo } from "../deployers/configured.js";
import { addOnRules } from "./add-ons.js";
import { claimRules } from "./claims.js";
import { type ConfiguredSkip, configuredRules } from "./configured.js";
import { derivedRules } from "./derived.js";
import { type ConfiguredKeep, lettingGo } from "./kept.js";
import { mergedRules } from "./merged.js";
import { perClusterRules } from "./per-cluster.js";
import type { Rule, RuleContext } from "./rule.js";

/** What a team says of its objects, in the order of its file. */
export interface ConfiguredRules {
  skip: readonly ConfiguredSkip[];
  keep?: readonly ConfiguredKeep[];
  deployers?: readonly ConfiguredDeployer[];
}

/** What belongs to blue, and what green makes by itself, whoever deployed it. */
const first: readonly Rule[] = [...perClusterRules, ...claimRules, ...derivedRules];
const last: readonly Rule[] = [...mergedRules, ...addOnRules];

/** Every rule by which an object is not simply copied. The first that applies decides; register a new one here. */
export const rules: readonly Rule[] = [...first, ...last];

/** The team's own rules come first: what it says of its objects overrules what we think, and what it keeps overrules both. */
export function rulesWith({ skip, keep = [], deployers = [] }: ConfiguredRules): Rule[] {
  return lettingGo([...configuredRules(skip), ...first, ...leavingTo(deployers), ...last], keep);
}

/** The rule that decides over an object, or undefined where it is copied. */
export function ruleFor(object: KubeObject, rules: readonly Rule[], context: RuleContext): Rule | undefined {
  const kind = kindKey({ group: groupOf(object.apiVersion), kind: object.kind });
  return rules.find((rule) => (rule.kinds === undefined || rule.kinds.includes(kind)) && rule.applies(object, context));
}
