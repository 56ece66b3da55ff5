import type { Ending } from "../../src/model/accounting.js";
import { textTable } from "../../src/report/tables.js";
import type { LoadResult } from "../../src/sandbox/load/tally.js";

/** What `--summary FILE` writes. */
export interface Summary {
  objects: Record<Ending | "listed", number>;
  requests: Record<
    "http" | "syslog",
    Record<string, { sent: number; failed: number; servedBy: Record<string, number> }>
  >;
  failures: LoadResult["failures"];
  /** Milliseconds spent in AWS calls. */
  cutoverApiMs: number;
  rollbackApiMs: number;
  /** Seconds in which at least one request failed. */
  outageSeconds: number;
  /** What clustershift's identity did on blue, from blue's audit log. */
  blueVerbs: Record<string, number>;
  /** Whether zone and addresses were the same, byte for byte, after the rollback as before the cutover. */
  rollbackExact: boolean;
  leftovers: string[];
  seconds: number;
}

/** The incident's outage, in minutes. */
const thenMinutes = 109;

export function totals(requests: Summary["requests"]): { sent: number; failed: number } {
  const all = [...Object.values(requests.http), ...Object.values(requests.syslog)];
  return {
    sent: all.reduce((sum, { sent }) => sum + sent, 0),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
  };
}

export function summaryTable(summary: Summary): string {
  const { objects, requests, outageSeconds, cutoverApiMs, rollbackApiMs, blueVerbs, rollbackExact, leftovers } =
    summary;
  const phases = [...new Set([...Object.keys(requests.http), ...Object.keys(requests.syslog)])];
  const cell = (kind: "http" | "syslog", phase: string): string => {
    const counts = requests[kind][phase];
    return counts ? `${counts.sent} / ${counts.failed}` : "–";
  };
  const clusters = (phase: string): string =>
    Object.entries(requests.http[phase]?.servedBy ?? {})
      .map(([cluster, count]) => `${cluster} ${count}`)
      .join(", ");
  const { sent, failed } = totals(requests);
  const { listed, ...endings } = objects;
  return [
    textTable({
      head: ["phase", "http sent / failed", "syslog sent / failed", "http answered by"],
      rows: phases.map((phase) => [phase, cell("http", phase), cell("syslog", phase), clusters(phase)]),
      numeric: [1, 2],
    }),
    "",
    `objects    ${listed} listed = ${Object.entries(endings)
      .map(([ending, count]) => `${count} ${ending}`)
      .join(" + ")}`,
    `requests   ${sent} sent, ${failed} failed`,
    `cutover    ${cutoverApiMs.toFixed(0)} ms in AWS calls`,
    `rollback   ${rollbackApiMs.toFixed(0)} ms in AWS calls; zone and addresses ${rollbackExact ? "exactly" : "NOT"} as before`,
    `blue       ${Object.entries(blueVerbs)
      .map(([verb, count]) => `${verb} ${count}`)
      .join(", ")} (its audit log)`,
    `leftovers  ${leftovers.length === 0 ? "none" : leftovers.join(", ")}`,
    `outage     ${thenMinutes} minutes then, ${outageSeconds} seconds now`,
  ].join("\n");
}
