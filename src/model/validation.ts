import type { CheckResult } from "./smoke.js";

/** validation.json: whether green stands, by what it showed for a while. */
export interface ValidationReport {
  format: 1;
  at: string;
  /** Empty texts where its API didn't answer. */
  green: { clusterId: string; version: string };
  outcome: CheckResult["outcome"];
  /** For how long, in milliseconds, every look was good, and how many there were. */
  steady: { ms: number; looks: number };
  /** Of the last look; what is asked once comes last. */
  checks: CheckResult[];
}
