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
    `  <testsuite name="clustershift smoke of ${xml(green.version)}" timestamp="${at}" tests="${checks.length}" failures="${count("failed")}" errors="${count("inconclusive")}" time="${seconds.toFixed(3)}">`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

/** XML 1.0 has no way to write most control characters, not even escaped. */
function xml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove
  return escapeHtml(text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd"));
}
