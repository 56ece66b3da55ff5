import type { CheckResult } from "../model/smoke.js";
import type { Snapshot } from "./snapshot.js";

/** What a check saw, and what it says of that. */
export type Outcome = Pick<CheckResult, "outcome" | "detail">;

/** What must be there before a green counts as standing. */
export interface Expected {
  /** Kubernetes version, at least to the minor. */
  version: string;
  /** Groups with the zones in which each must have a Ready node. */
  groups: readonly { name: string; zones: readonly string[] }[];
}

/** One thing that a look at green must show. Pure, and registered in look.ts. */
export interface ClusterCheck {
  name: string;
  check(snapshot: Snapshot, expected: Expected): Outcome;
}

export const passed = (detail: string): Outcome => ({ outcome: "passed", detail });
export const inconclusive = (detail: string): Outcome => ({ outcome: "inconclusive", detail });

/** How many problems are told; the rest is counted. */
const mostTold = 5;

/** Passed where there is no problem; else the first of them in words. */
export function unless(problems: readonly string[], detail: string): Outcome {
  if (problems.length === 0) return passed(detail);
  const more = problems.length - mostTold;
  const told = problems.slice(0, mostTold).join("; ");
  return { outcome: "failed", detail: more > 0 ? `${told}; and ${more} more` : told };
}
