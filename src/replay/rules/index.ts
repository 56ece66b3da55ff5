import { groupOf, type KubeObject, kindKey } from "../../model/objects.js";
import { type ConfiguredDeployer, leavingTo } from "../deployers/configured.js";
import { addOnRules } from "./add-ons.js";
import { claimRules } from "./claims.js";
import { type ConfiguredSkip, configuredRules } from "./configured.js";
import { derivedRules } from "./derived.js";
import { type ConfiguredKeep, lettingGo } from "./kept.js";
import { leftToVelero } from "./left-to-velero.js";
import { mergedRules } from "./merged.js";
import { perClusterRules } from "./per-cluster.js";
import type { Rule, RuleContext } from "./rule.js";

/** What a team says of its objects, in the order of its file. */
export interface ConfiguredRules {
  skip: readonly ConfiguredSkip[];
  keep?: readonly ConfiguredKeep[];
  deployers?: readonly ConfiguredDeployer[];
  /** Claims, by `refKey`, that Velero restores together with their volumes. */
  velero?: ReadonlySet<string>;
}

/** What green makes by itself, and what another tool holds, whoever deployed it. */
const made: readonly Rule[] = [...claimRules, ...derivedRules];
const last: readonly Rule[] = [...mergedRules, ...addOnRules];

/** Every rule by which an object is not simply copied. The first that applies decides; register a new one here. */
export const rules: readonly Rule[] = [...perClusterRules, ...made, ...last];

/** The team's own rules come first: what it says of its objects overrules what we think, and what it keeps overrules both. */
export function rulesWith({ skip, keep = [], deployers = [], velero = new Set() }: ConfiguredRules): Rule[] {
  const before = [...configuredRules(skip), ...perClusterRules, ...leftToVelero(velero)];
  return lettingGo([...before, ...made, ...leavingTo(deployers), ...last], keep);
}

/** The rule that decides over an object, or undefined where it is copied. */
export function ruleFor(object: KubeObject, rules: readonly Rule[], context: RuleContext): Rule | undefined {
  const kind = kindKey({ group: groupOf(object.apiVersion), kind: object.kind });
  return rules.find((rule) => (rule.kinds === undefined || rule.kinds.includes(kind)) && rule.applies(object, context));
}
