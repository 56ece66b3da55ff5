import type { SmokeReport } from "../model/smoke.js";
import { escapeHtml } from "./tables.js";

/** Smoke results as JUnit XML, one test case a check; what was inconclusive is an error, since it must not pass. */
export function smokeJunit({ at, checks, green }: SmokeReport): string {
  const count = (outcome: string): number => checks.filter((check) => check.outcome === outcome).length;
  const seconds = checks.reduce((sum, { ms }) => sum + ms, 0) / 1000;
  const cases = checks.map(({ name, kind, outcome, detail, ms }) => {
    const open = `    <testcase classname="${xml(kind)}" name="${xml(name)}" time="${(ms / 1000).toFixed(3)}"`;
    if (outcome === "passed") return `${open}/>`;
    const tag = outcome === "failed" ? "failure" : "error";
    return `${open}>\n      <${tag} message="${xml(detail)}"/>\n    </testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<testsuites>",
    `  <testsuite name="clustershift smoke of ${xml(green.version)}" timestamp="${xml(at)}" tests="${checks.length}" failures="${count("failed")}" errors="${count("inconclusive")}" time="${seconds.toFixed(3)}">`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

/** XML 1.0 has no way to write most control characters and lone surrogates, not even escaped; line breaks it has. */
function xml(text: string): string {
  return escapeHtml(text.replace(/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu, "\ufffd")).replace(
    /[\t\n\r]/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}
