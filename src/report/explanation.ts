import { stringify } from "yaml";
import type { ExplainedStep, ExplainedWay, Explanation } from "../model/explanation.js";
import type { Remark } from "../model/migration.js";
import { type KubeObject, refKey } from "../model/objects.js";
import { oneLine } from "../model/plain-text.js";
import { unifiedDiff } from "./unified-diff.js";

/** Where an explanation's facts come from: said first, since another source may say other things. */
export interface ExplanationSources {
  blue: string;
  green: string;
}

/** The way of one object on a terminal: each step with its reason and, as a diff of YAML, what it changes. */
export function explanationText(explanation: Explanation, { blue, green }: ExplanationSources): string {
  const { object, rule, version, dropped, ways, outcome } = explanation;
  const { readAs, writeAs } = version;
  const lines = [
    refKey(object),
    `  from ${blue} to ${green}`,
    "",
    head("rule", rule ? `${rule.id}: ends as ${rule.ending}` : "none applies: it's copied"),
    ...(rule ? [`  ${rule.reason}`] : []),
    head("version", readAs === writeAs ? `${readAs} on both` : `${readAs} -> ${writeAs ?? "nothing"}`),
    `  blue: ${listed(version.blue)}; green: ${listed(version.green)}`,
    `  ${version.why}`,
    ...(dropped ? [head("migration", `${dropped.id}: leaves nothing`), `  ${dropped.reason}`] : []),
    ...(dropped?.remarks ?? []).flatMap(remarkLines),
    ...ways.flatMap((way, index) => wayLines(way, ways.length > 1 ? index + 1 : undefined)),
    "",
    `Ends as ${outcome.ending}${outcome.by ? ` (${outcome.by})` : ""}${outcome.reason ? `: ${outcome.reason}` : ""}`,
  ];
  return lines
    .flatMap((line) => line.split("\n"))
    .map(oneLine)
    .join("\n");
}

function wayLines({ steps, written }: ExplainedWay, number: number | undefined): string[] {
  const which = number === undefined ? "" : ` (object ${number})`;
  return [
    ...steps.flatMap(stepLines),
    ...(written ? ["", `Would be written${which}:`, yamlOf(written).trimEnd()] : []),
  ];
}

function stepLines({ stage, id, why, before, after, remarks, ends }: ExplainedStep): string[] {
  const diff = after ? unifiedDiff(yamlOf(before), yamlOf(after)) : "";
  return [
    head(stage, ends ? `${id}: ${ends.ending}, ${ends.reason}` : id),
    `  ${why}`,
    ...remarks.flatMap(remarkLines),
    ...(diff === "" ? [] : [diff]),
  ];
}

function head(stage: string, what: string): string {
  return `${stage.padEnd(11)} ${what}`;
}

function remarkLines({ severity, id, why, whatToDo }: Remark): string[] {
  return [`  ${severity} ${id}: ${why}`, `    -> ${whatToDo}`];
}

function listed(versions: readonly string[]): string {
  return versions.length > 0 ? versions.join(", ") : "none of this kind";
}

/** Sorted, so that a diff shows what differs and not where it stands. */
function yamlOf(object: KubeObject): string {
  return stringify(object, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false });
}
