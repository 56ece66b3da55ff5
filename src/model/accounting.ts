import type { KubeObject, ObjectRef } from "./objects.js";

/**
 * How one object of blue ended. The order is the report's.
 * - migrated: green has it; - merged: its fields went into an object that green brought itself;
 * - derived: its owner or a controller makes it anew; - skipped: by a named rule; - dropped: by a named migration;
 * - failed: with the server's own words.
 */
export const endings = ["migrated", "merged", "derived", "skipped", "dropped", "failed"] as const;
export type Ending = (typeof endings)[number];

/** One object's line in replay.jsonl. */
export interface Outcome {
  object: ObjectRef;
  ending: Ending;
  /** The rule or migration that decided; for `failed` the step that failed; absent for a plain migrated one. */
  by?: string;
  /** Why, or the server's words. */
  reason?: string;
  /** The versions read and written, where they differ: `policy/v1beta1` -> `policy/v1`. */
  from?: string;
  to?: string;
  /** Ids of the changes that were made to it, in their order. */
  changedBy?: string[];
}

export type Counts = Record<Ending, number> & { listed: number };

/** One row a kind, and their sum. `listed` always equals the sum of the endings, or the accounting is not complete. */
export interface Accounting {
  kinds: Record<string, Counts>;
  total: Counts;
}

/** Every row is the sum of its endings, and the last the sum of the rows: otherwise something was lost silently. */
export function addsUp({ kinds, total }: Accounting): boolean {
  const rows = Object.values(kinds);
  return (
    [...rows, total].every((counts) => counts.listed === endings.reduce((sum, ending) => sum + counts[ending], 0)) &&
    (["listed", ...endings] as const).every(
      (column) => total[column] === rows.reduce((sum, counts) => sum + counts[column], 0),
    )
  );
}

/** One difference between blue, as migrated, and green. */
export interface Difference {
  object: ObjectRef;
  kind: "missing" | "unexpected" | "different";
  /** JSON pointers of the fields that differ; empty for missing and unexpected. */
  fields: { path: string; blue: unknown; green: unknown }[];
}

export interface ParityReport {
  format: 1;
  at: string;
  green: { clusterId: string };
  compared: number;
  /** Differences that a named rule declares, by the rule's id. */
  declared: Record<string, number>;
  differences: Difference[];
}

/** An object on its way into green. */
export interface Arrival {
  /** Which object of blue it comes from. */
  source: ObjectRef;
  object: KubeObject;
}

/** replay.json: what `migrate` did, as a whole. */
export interface ReplayRecord {
  format: 1;
  at: string;
  green: { clusterId: string };
  /** Hash of the bundle's manifest. */
  bundle: string;
  accounting: Accounting;
  /** Only where objects were left to their deployers: how many have come, and what hasn't, as `refKey` names it. */
  left?: { come: number; missing: { object: string; deployer: string }[] };
}
