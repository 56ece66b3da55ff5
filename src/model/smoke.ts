/** The result of one check. `inconclusive` could not be checked: it never counts as passed. */
export interface CheckResult {
  /** Unique within the report. */
  name: string;
  kind: string;
  outcome: "passed" | "failed" | "inconclusive";
  /** What was seen; for a failure also what was expected. */
  detail: string;
  /** Duration in milliseconds. */
  ms: number;
}

/** smoke.json: evidence of one moment about one green. */
export interface SmokeReport {
  format: 1;
  at: string;
  planHash: string;
  green: { clusterId: string; version: string };
  passed: boolean;
  checks: CheckResult[];
}
