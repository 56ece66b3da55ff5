import type { Ending } from "../../src/model/accounting.js";
import { textTable } from "../../src/report/tables.js";
import type { LoadResult } from "../../src/sandbox/load/tally.js";

/** What `--summary FILE` writes. */
export interface Summary {
  migration: MigrationSummary;
  /** Absent where this machine can't have Velero. */
  worstNight?: WorstNightSummary;
  seconds: number;
}

type Requests = Record<
  "http" | "syslog",
  Record<string, { sent: number; failed: number; servedBy: Record<string, number> }>
>;

interface SceneSummary {
  objects: Record<Ending | "listed", number>;
  requests: Requests;
  /** Seconds in which at least one request failed. */
  outageSeconds: number;
  /** What clustershift's identity did on blue, from blue's audit log. */
  blueVerbs: Record<string, number>;
  leftovers: string[];
}

export interface MigrationSummary extends SceneSummary {
  failures: LoadResult["failures"];
  /** Milliseconds spent in AWS calls. */
  cutoverApiMs: number;
  rollbackApiMs: number;
  /** Whether zone and addresses were the same, byte for byte, after the rollback as before the cutover. */
  rollbackExact: boolean;
}

export interface WorstNightSummary extends SceneSummary {
  /** How many objects came from which archive. */
  from: { path: string; objects: number }[];
  /** What blue had right before it fell, of what another cluster doesn't make by itself. */
  lastSeen: { objects: number; secrets: number };
  /** What of that isn't in the bundle, or not on green as it was last. */
  lost: string[];
  /** What only the backup has, though the export has its kind: named for a person to decide. */
  comesBack: string[];
  /** From the first command of the way back to the first request that was answered. */
  secondsToAnswer: number;
}

/** The incident's outage, in minutes. */
const thenMinutes = 109;

export function totals(requests: Requests): { sent: number; failed: number } {
  const all = [...Object.values(requests.http), ...Object.values(requests.syslog)];
  return {
    sent: all.reduce((sum, { sent }) => sum + sent, 0),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
  };
}

export function summaryText({ migration, worstNight }: Summary): string {
  return [
    "The migration",
    ...migrationLines(migration),
    ...(worstNight ? ["", "The worst night", ...worstNightLines(worstNight)] : []),
  ].join("\n");
}

function migrationLines(summary: MigrationSummary): string[] {
  const { requests, outageSeconds, cutoverApiMs, rollbackApiMs, rollbackExact } = summary;
  const { sent, failed } = totals(requests);
  return [
    phaseTable(requests),
    "",
    objectsLine(summary),
    `requests   ${sent} sent, ${failed} failed`,
    `cutover    ${cutoverApiMs.toFixed(0)} ms in AWS calls`,
    `rollback   ${rollbackApiMs.toFixed(0)} ms in AWS calls; zone and addresses ${rollbackExact ? "exactly" : "NOT"} as before`,
    ...bluesLines(summary),
    `outage     ${thenMinutes} minutes then, ${outageSeconds} seconds now`,
  ];
}

function worstNightLines(summary: WorstNightSummary): string[] {
  const { requests, from, lastSeen, lost, comesBack, outageSeconds, secondsToAnswer } = summary;
  return [
    phaseTable(requests),
    "",
    objectsLine(summary),
    `from       ${from.map(({ path, objects }) => `${objects} of ${path}`).join(", ")}`,
    `lost       ${lost.length} of the ${lastSeen.objects} that blue had at last, ${lastSeen.secrets} Secrets among them${lost.length > 0 ? `: ${lost.join(", ")}` : ""}`,
    `to decide  ${comesBack.length} that only the backup has: ${comesBack.join(", ") || "none"}`,
    ...bluesLines(summary),
    `outage     ${thenMinutes} minutes then; now ${secondsToAnswer} seconds from the first command of the way back to the first answer, ${outageSeconds} in all`,
  ];
}

function phaseTable(requests: Requests): string {
  const phases = [...new Set([...Object.keys(requests.http), ...Object.keys(requests.syslog)])];
  const cell = (kind: "http" | "syslog", phase: string): string => {
    const counts = requests[kind][phase];
    return counts ? `${counts.sent} / ${counts.failed}` : "–";
  };
  const clusters = (phase: string): string =>
    Object.entries(requests.http[phase]?.servedBy ?? {})
      .map(([cluster, count]) => `${cluster} ${count}`)
      .join(", ");
  return textTable({
    head: ["phase", "http sent / failed", "syslog sent / failed", "http answered by"],
    rows: phases.map((phase) => [phase, cell("http", phase), cell("syslog", phase), clusters(phase)]),
    numeric: [1, 2],
  });
}

function objectsLine({ objects: { listed, ...endings } }: SceneSummary): string {
  const counts = Object.entries(endings).map(([ending, count]) => `${count} ${ending}`);
  return `objects    ${listed} listed = ${counts.join(" + ")}`;
}

function bluesLines({ blueVerbs, leftovers }: SceneSummary): string[] {
  const verbs = Object.entries(blueVerbs).map(([verb, count]) => `${verb} ${count}`);
  return [
    `blue       ${verbs.join(", ") || "not asked"} (its audit log)`,
    `leftovers  ${leftovers.length === 0 ? "none" : leftovers.join(", ")}`,
  ];
}
