import type { Policy, Statement } from "./policy.js";

/** What IAM's simulation is asked: whether actions are allowed on resources, in a request that has these keys. */
export interface PermissionQuestion {
  actions: string[];
  /** ARNs. Of a pattern its own text: it fits itself, and whatever allows more. */
  resources: string[];
  context: ContextKey[];
}

export interface ContextKey {
  /** `aws:RequestTag/clustershift:cluster` */
  key: string;
  type: "string" | "stringList" | "boolean";
  values: string[];
}

/** Whether a principal may do all that policies allow, just where and as they allow it: a question for each statement. Pure. */
export function questionsOf(policies: readonly Policy[]): PermissionQuestion[] {
  return policies.flatMap(({ Statement }) => Statement).map(questionOf);
}

function questionOf({ Action, Resource, Condition = {} }: Statement): PermissionQuestion {
  const context = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, allowed]) => contextKey(operator, key, [allowed].flat())),
  );
  return { actions: Action, resources: Resource, context };
}

function contextKey(operator: string, key: string, allowed: string[]): ContextKey {
  if (/^For(All|Any)/.test(operator)) return { key, type: "stringList", values: allowed };
  // A request has one value; any of those that are allowed will do.
  return { key, type: operator === "Bool" ? "boolean" : "string", values: allowed.slice(0, 1) };
}
