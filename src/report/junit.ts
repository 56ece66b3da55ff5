import type { SmokeReport } from "../model/smoke.js";
import { escapeHtml } from "./tables.js";

/** One thing that was checked; `trouble` is absent where it passed. */
export interface JunitCase {
  classname: string;
  name: string;
  ms: number;
  /** An error is a check that couldn't be made. */
  trouble?: { tag: "failure" | "error"; message: string };
}

/** Smoke results as JUnit XML, one test case a check; what was inconclusive is an error, since it must not pass. */
export function smokeJunit({ at, checks, green }: SmokeReport): string {
  const cases = checks.map(({ name, kind, outcome, detail, ms }): JunitCase => {
    const tag = outcome === "failed" ? "failure" : "error";
    return { classname: kind, name, ms, ...(outcome !== "passed" && { trouble: { tag, message: detail } }) };
  });
  return junit(`clustershift smoke of ${green.version}`, at, cases);
}

/** One suite of test cases as JUnit XML. `at` is ISO 8601, UTC. */
export function junit(suite: string, at: string, cases: readonly JunitCase[]): string {
  const count = (tag: string): number => cases.filter(({ trouble }) => trouble?.tag === tag).length;
  const seconds = cases.reduce((sum, { ms }) => sum + ms, 0) / 1000;
  const lines = cases.map(({ classname, name, ms, trouble }) => {
    const open = `    <testcase classname="${xml(classname)}" name="${xml(name)}" time="${(ms / 1000).toFixed(3)}"`;
    if (!trouble) return `${open}/>`;
    return `${open}>\n      <${trouble.tag} message="${xml(trouble.message)}"/>\n    </testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<testsuites>",
    `  <testsuite name="${xml(suite)}" timestamp="${xml(at)}" tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" time="${seconds.toFixed(3)}">`,
    ...lines,
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
