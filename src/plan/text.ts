import { formatDuration } from "../model/duration.js";
import type { Finding } from "../model/finding.js";
import { countByEnd } from "../model/held.js";
import { refKey } from "../model/objects.js";
import { oneLine } from "../model/plain-text.js";
import type { Plan } from "../model/plan.js";
import { describeWindow } from "../model/window.js";
import { describeGroup } from "./topology.js";
import { volumeCells } from "./volume-cells.js";

/** The plan on a terminal: what a person must know before approving; plan.md has the rest. */
export function planText(plan: Plan): string {
  const { blue, green, findings } = plan;
  const objects = plan.kinds.reduce((sum, { count }) => sum + count, 0);
  return [
    `Plan ${plan.hash.slice(0, 12)} of run ${plan.run}: ${plan.environment}`,
    `  blue   ${blue.name}, Kubernetes ${blue.version}, ${objects} objects of ${plan.kinds.length} kinds`,
    `         ${blue.topology.groups.map(describeGroup).join("; ")}`,
    `  green  Kubernetes ${green.version}`,
    `  window ${plan.window ? describeWindow(plan.window) : "none"}`,
    "",
    `Findings (${findings.length})`,
    ...sameIds(findings).flatMap(([first, ...others]) => [
      ...[first, ...others].slice(0, mostOfOneId).flatMap(findingLines),
      ...moreThan(mostOfOneId, 1 + others.length, `           and # more ${first.id}: see plan.md`),
    ]),
    ...(plan.held.length > 0 ? [`Held on green: ${countByEnd(plan.held)}`] : []),
    ...(plan.exclusive ? [`Stopped on blue, then released on green: ${plan.exclusive.length}; see plan.md`] : []),
    ...volumeLines(plan.volumes ?? []),
    ...deployerLines(plan.deployers),
    "",
    "Steps",
    ...plan.steps.map(({ phase, what }, index) => `  ${String(index + 1).padStart(2)}. ${phase.padEnd(9)} ${what}`),
    "",
    "Time, at most",
    ...plan.budgets.map(
      ({ phase, seconds, basis }) => `  ${phase.padEnd(9)} ${formatDuration(seconds * 1000).padEnd(8)} ${basis}`,
    ),
  ]
    .map(oneLine)
    .join("\n");
}

/** Of one kind of finding, of deployers, and of what nobody deploys: plan.md has them all. */
const mostOfOneId = 5;
const mostDeployers = 20;
const mostByHand = 10;
const mostVolumes = 20;

/** Findings that stand beside each other and are of one kind. */
function sameIds(findings: readonly Finding[]): [Finding, ...Finding[]][] {
  const groups: [Finding, ...Finding[]][] = [];
  for (const finding of findings) {
    const last = groups.at(-1);
    if (last && last[0].id === finding.id && last[0].severity === finding.severity) last.push(finding);
    else groups.push([finding]);
  }
  return groups;
}

function deployerLines(deployers: Plan["deployers"]): string[] {
  if (deployers.length === 0) return [];
  const known = deployers.filter(({ kind }) => kind !== "hand");
  const byHand = deployers.filter(({ kind }) => kind === "hand");
  const width = Math.max(...known.slice(0, mostDeployers).map(({ id }) => id.length), 0);
  return [
    "",
    `Who deploys it (${deployers.length})`,
    ...known.slice(0, mostDeployers).map(({ id, objects, handling }) => {
      return `  ${id.padEnd(width)}  ${objects} object(s), ${handling === "leave" ? "left to it: migrate waits for them" : "copied"}`;
    }),
    ...moreThan(mostDeployers, known.length, "  and # more: see plan.md"),
    ...byHand.flatMap(({ id, objects, examples }) => [
      `  ${id}: ${objects} object(s), copied; a rebuild from what lies in Git would lack them`,
      ...examples.slice(0, mostByHand).map((example) => `    ${example}`),
      ...moreThan(mostByHand, examples.length, "    and # more: see plan.md"),
    ]),
  ];
}

function volumeLines(volumes: NonNullable<Plan["volumes"]>): string[] {
  if (volumes.length === 0) return [];
  const rows = volumes.slice(0, mostVolumes).map((volume) => volumeCells(volume));
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return [
    "",
    `Volumes (${volumes.length})`,
    ...rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd()),
    ...moreThan(mostVolumes, volumes.length, "  and # more: see plan.md"),
  ];
}

function moreThan(most: number, count: number, line: string): string[] {
  return count > most ? [line.replace("#", String(count - most))] : [];
}

function findingLines({ id, severity, object, count, why, whatToDo }: Finding): string[] {
  const what = object ? ` ${refKey(object)}${count && count > 1 ? ` and ${count - 1} more` : ""}:` : "";
  return [`  ${severity.padEnd(8)} ${id}:${what} ${why}`, `           -> ${whatToDo}`];
}
