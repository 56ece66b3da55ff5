import { isObject } from "../src/model/json.js";
import type { Migration, Remark } from "../src/model/migration.js";
import type { JsonObject } from "../src/model/objects.js";
import { atVersion, isAbsent } from "./shared/json.js";

/** The key by which API servers from 1.21 on tell the two meanings of an empty selector apart. No pod carries it. */
const EMPTY_SELECTOR_KEY = "pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match";

const selectsNothing: Remark = {
  id: "pdb-selects-nothing",
  severity: "note",
  why: "Its empty selector matched no pod in policy/v1beta1, but would match every pod of the namespace in policy/v1.",
  whatToDo: "It protects no pod, before and after. Give it a selector if it should protect some, or delete it.",
};

/**
 * An empty selector changed its meaning: no pod in v1beta1, every pod in v1. What we write is what API servers that know
 * both versions convert it to, so that an object moved by us equals one that such a server read as v1. An absent
 * selector matches nothing in both.
 */
export const podDisruptionBudget: Migration = {
  id: "pod-disruption-budget",
  from: { group: "policy", kind: "PodDisruptionBudget", versions: ["v1beta1"] },
  to: "policy/v1",
  removedIn: "1.25",
  summary: "The version changes; an empty selector is pinned to its old meaning, which is to match no pod.",
  migrate(object) {
    const migrated = atVersion(object, "policy/v1");
    const { spec } = migrated;
    if (!isObject(spec) || !isObject(spec.selector)) return { result: "objects", objects: [migrated] };
    if (isEmpty(spec.selector)) {
      spec.selector = { matchExpressions: [{ key: EMPTY_SELECTOR_KEY, operator: "Exists" }] };
      return { result: "objects", objects: [migrated], remarks: [selectsNothing] };
    }
    if (isMatchAll(spec.selector)) spec.selector = {};
    return { result: "objects", objects: [migrated] };
  },
};

function isEmpty({ matchLabels, matchExpressions }: JsonObject): boolean {
  return hasNoLabels(matchLabels) && (isAbsent(matchExpressions) || lengthOf(matchExpressions) === 0);
}

/** How v1beta1 shows a selector that was written as `{}` in v1: a key that no pod has must not exist. */
function isMatchAll({ matchLabels, matchExpressions }: JsonObject): boolean {
  if (!hasNoLabels(matchLabels) || !Array.isArray(matchExpressions) || matchExpressions.length !== 1) return false;
  const [only] = matchExpressions;
  return isObject(only) && only.key === EMPTY_SELECTOR_KEY && only.operator === "DoesNotExist";
}

function hasNoLabels(matchLabels: unknown): boolean {
  return isAbsent(matchLabels) || (isObject(matchLabels) && Object.keys(matchLabels).length === 0);
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : Number.NaN;
}
