import { parseDuration } from "../model/duration.js";
import { concurrency } from "./compare.js";
import type { AnalysisConfig } from "./context.js";

/** How long checks that are made at the same time may take, in milliseconds: as long as the slowest where nobody answers. */
export function longestMs(checks: readonly AnalysisConfig[]): number {
  return Math.max(0, ...checks.map((check) => rounds(check) * (parseDuration(check.timeout) ?? 0)));
}

/** Timeouts that come after each other. */
function rounds(check: AnalysisConfig): number {
  return check.kind === "compare" ? Math.ceil(check.requests.length / concurrency) * check.samples : 1;
}
