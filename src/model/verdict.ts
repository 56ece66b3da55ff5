import type { CheckResult } from "./smoke.js";

/** What checks say together. */
export interface Verdict extends Pick<CheckResult, "outcome" | "detail"> {
  /** Each of them, where it is known. */
  checks?: CheckResult[];
}

/** `cutover/analysed` in the journal: what the checks after a stage said. */
export interface Analysed {
  attempt: number;
  /** `share/25` */
  stage: string;
  outcome: CheckResult["outcome"];
  checks: CheckResult[];
}

/** One failed check fails all; else one inconclusive leaves all open. Where there is no check at all, there is no evidence. */
export function verdictOf(checks: readonly CheckResult[]): Required<Verdict> {
  const bad = checks.filter(({ outcome }) => outcome !== "passed");
  const outcome =
    checks.length === 0 || bad.some((check) => check.outcome === "failed")
      ? "failed"
      : bad.length > 0
        ? "inconclusive"
        : "passed";
  const detail =
    checks.length === 0
      ? "there are no checks"
      : bad.length === 0
        ? `${checks.length} checks passed`
        : [...bad]
            .sort((a, b) => Number(b.outcome === "failed") - Number(a.outcome === "failed"))
            .map((check) => `${check.name}: ${check.detail}`)
            .join("; ");
  return { outcome, detail, checks: [...checks] };
}
