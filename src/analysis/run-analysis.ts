import { messageOf } from "../model/errors.js";
import type { CheckResult } from "../model/smoke.js";
import { cloudwatch } from "./cloudwatch.js";
import { command } from "./command.js";
import { compare } from "./compare.js";
import { type AnalysisConfig, type AnalysisContext, type Checker, inconclusive, type Outcome } from "./context.js";
import { prometheus } from "./prometheus.js";

/** Every kind of check: register a new one here, and in the configuration's schema. */
const checkers: { [Kind in AnalysisConfig["kind"]]: Checker<Kind> } = { compare, prometheus, cloudwatch, command };

/**
 * Makes all checks at the same time; the results have the configuration's order. What can't be made is inconclusive.
 *
 * @throws only the signal's reason, when it is aborted
 */
export async function runAnalysis(checks: readonly AnalysisConfig[], context: AnalysisContext): Promise<CheckResult[]> {
  const results = await Promise.all(checks.map((check) => runCheck(check, context)));
  context.signal?.throwIfAborted();
  return results;
}

async function runCheck(check: AnalysisConfig, context: AnalysisContext): Promise<CheckResult> {
  const started = context.clock.now();
  // The table pairs each kind with its own checker, which the type of a lookup can't say.
  const checker = checkers[check.kind] as (check: AnalysisConfig, context: AnalysisContext) => Promise<Outcome>;
  const { outcome, detail } = await checker(check, context).catch((error: unknown) =>
    inconclusive(`The check could not be made: ${messageOf(error)}.`),
  );
  return { name: check.name, kind: check.kind, outcome, detail, ms: context.clock.now() - started };
}
