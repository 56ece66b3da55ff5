import type { ObjectRef } from "./objects.js";

/** A blocker stops the plan from being approved; a warning needs a person's eye; a note informs. */
export type Severity = "blocker" | "warning" | "note";

/** Where something stands in a file that a person can open; the first line is 1. */
export interface Place {
  file: string;
  line: number;
}

/** One thing that assessment saw. */
export interface Finding {
  /** Stable, kebab-case, documented: `api-removed`, `hop-etcd3`. */
  id: string;
  severity: Severity;
  /** Absent where the finding is of the cluster as a whole. */
  object?: ObjectRef;
  /** Only where the object came from a file. */
  at?: Place;
  /** How many objects it stands for, where one finding sums up many. */
  count?: number;
  /** What it is about, where that isn't blue's objects: such findings have a part of the plan for themselves. */
  area?: "surroundings";
  why: string;
  whatToDo: string;
  /** What does it, line by line, for a runbook. */
  commands?: string[];
}

/** So many of one kind of finding are named one by one. */
const mostNamed = 500;

/** Of many alike the first ones, and one for all others. */
export function summedUp(findings: Finding[]): Finding[] {
  const [first] = findings;
  if (!first || findings.length <= mostNamed) return findings;
  const { object: _, ...others } = first;
  return [
    ...findings.slice(0, mostNamed),
    { ...others, count: findings.length - mostNamed, why: "More of the same, which aren't named one by one." },
  ];
}
