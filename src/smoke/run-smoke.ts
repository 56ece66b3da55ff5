import type { SmokeCheckConfig } from "../config/schema.js";
import { messageOf } from "../model/errors.js";
import type { CheckResult, SmokeReport } from "../model/smoke.js";
import { type Checker, inconclusive, type Outcome, type SmokeContext } from "./context.js";
import { dns } from "./dns.js";
import { http } from "./http.js";
import { parity } from "./parity.js";
import { tcp } from "./tcp.js";
import { tls } from "./tls.js";
import { udpSyslog } from "./udp-syslog.js";
import { workloads } from "./workloads.js";

/** Every kind of check: register a new one here, and in the configuration's schema. */
const checkers: { [Kind in SmokeCheckConfig["kind"]]: Checker<Kind> } = {
  http,
  tcp,
  "udp-syslog": udpSyslog,
  dns,
  tls,
  workloads,
  parity,
};

/** What the evidence is about: which plan, and which green. */
export type SmokeSubject = Pick<SmokeReport, "planHash" | "green">;

/**
 * Makes all checks at the same time; the report has them in the configuration's order. It passes only where there is at
 * least one check and each one passed: what can't be checked is no evidence.
 *
 * @throws only the signal's reason, when it is aborted
 */
export async function runSmoke(
  checks: readonly SmokeCheckConfig[],
  subject: SmokeSubject,
  context: SmokeContext,
): Promise<SmokeReport> {
  // Of the beginning: what a check saw may be as old as that.
  const at = new Date(context.clock.now()).toISOString();
  const results = await Promise.all(checks.map((check) => runCheck(check, context)));
  context.signal?.throwIfAborted();
  return {
    format: 1,
    at,
    ...subject,
    passed: results.length > 0 && results.every(({ outcome }) => outcome === "passed"),
    checks: results,
  };
}

async function runCheck(check: SmokeCheckConfig, context: SmokeContext): Promise<CheckResult> {
  const started = context.clock.now();
  // The table pairs each kind with its own checker, which the type of a lookup can't say.
  const checker = checkers[check.kind] as (check: SmokeCheckConfig, context: SmokeContext) => Promise<Outcome>;
  const { outcome, detail } = await checker(check, context).catch((error: unknown) =>
    inconclusive(`The check could not be made: ${messageOf(error)}.`),
  );
  return { name: check.name, kind: check.kind, outcome, detail, ms: context.clock.now() - started };
}
