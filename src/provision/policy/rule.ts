import type { PolicyRuleId, Violation } from "../../model/policy.js";
import type { Properties, StackChange } from "../../model/stack-change.js";

/** What a rule has against one resource. */
export type Objection = Pick<Violation, "property" | "why" | "whatToDo">;

/** One thing that production must not have. Pure, and registered in index.ts. */
export interface PolicyRule {
  id: PolicyRuleId;
  /** What it refuses, and why that is bad; a sentence. */
  refuses: string;
  /** `all`: everything that the preview told of, for what only several resources say together. */
  check(change: StackChange, all: readonly StackChange[]): Objection[];
}

/** A rule about resources of one type as they would be; those that go, or are another type's, pass. */
export function ruleOf(
  type: string,
  check: (inputs: Properties, change: StackChange, all: readonly StackChange[]) => Objection[],
): PolicyRule["check"] {
  return (change, all) => (change.type === type && change.after ? check(change.after, change, all) : []);
}

/** Several rules of types in one. */
export function anyOf(...checks: PolicyRule["check"][]): PolicyRule["check"] {
  return (change, all) => checks.flatMap((check) => check(change, all));
}
