import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/model/accounting.js";
import type { Analysed } from "../../src/model/verdict.js";
import { renderHtml, renderMarkdown } from "../../src/report/render.js";
import { type ReportInputs, reportSections } from "../../src/report/run-report.js";
import { accountingOf, counts, samplePlan, sampleReceipt } from "../model/samples.js";

const hostile = "<script>alert('x')</script>|\\|\n# heading\n```\n\"><img src=x onerror=y> & \u001b[31m";
const at = "2026-11-28T22:00:00.000Z";

/** A whole run in which everything that comes from outside says `words`. */
function inputs(words: string): ReportInputs {
  const object = { group: words, kind: words, namespace: words, name: words };
  const plan = samplePlan({
    environment: words,
    findings: [{ id: words, severity: "warning", object, why: words, whatToDo: words }],
    blue: { ...samplePlan().blue, name: words, version: words },
  });
  const outcomes: Outcome[] = [
    { object, ending: "migrated" },
    { object, ending: "skipped", by: words, reason: words },
    { object, ending: "failed", by: words, reason: words },
  ];
  const green = { clusterId: words, version: words };
  return {
    run: "20261128T220000Z",
    status: { phase: words, traffic: words, next: words, wayBack: words },
    plan,
    approval: { format: 1, planHash: plan.hash, by: words, at, comment: words },
    green: { format: 1, stack: words, ...green, kubeconfig: "", context: "", readyAt: at, addresses: {} },
    rehearsal: { format: 1, at, bundle: "", version: words, objects: 3, refused: [] },
    replay: {
      format: 1,
      at,
      green,
      bundle: "",
      accounting: accountingOf({ [words]: counts({ listed: 3, migrated: 1, skipped: 1, failed: 1 }) }),
    },
    outcomes,
    parity: {
      format: 1,
      at,
      green,
      compared: 3,
      declared: { [words]: 2 },
      differences: [{ object, kind: "different", fields: [{ path: words, blue: 1, green: 2 }] }],
    },
    teardown: sampleReceipt(words),
    validation: {
      format: 1,
      at,
      green: { clusterId: words, version: words },
      outcome: "failed",
      steady: { ms: 1, looks: 1 },
      checks: [{ name: words, kind: "cluster", outcome: "failed", detail: words, ms: 1 }],
    },
    smoke: {
      format: 1,
      at,
      planHash: plan.hash,
      green,
      passed: false,
      checks: [{ name: words, kind: words, outcome: "failed", detail: words, ms: 1 }],
    },
    journal: [
      {
        type: "intent",
        step: "a",
        phase: words,
        what: words,
        target: words,
        before: null,
        after: null,
        seq: 1,
        at,
        sum: "",
      },
      { type: "event", phase: words, event: words, data: { [words]: words }, seq: 2, at, sum: "" },
      {
        type: "event",
        phase: "cutover",
        event: "analysed",
        data: {
          attempt: 1,
          stage: words,
          outcome: "failed",
          checks: [{ name: words, kind: "command", outcome: "failed", detail: words, ms: 1 }],
        } satisfies Analysed,
        seq: 3,
        at,
        sum: "",
      },
    ],
    logs: [{ name: words, tail: words }],
  };
}

const titles = [
  "Summary",
  "Timeline",
  "Whether green stands",
  "What became of every object",
  "Parity",
  "Checks",
  "Checks between the steps",
  "What became of blue",
  "Findings of the plan",
  "Green's control plane, in its own words",
];
const bare: ReportInputs = {
  run: "r",
  status: { phase: "plan", traffic: "blue", next: "n", wayBack: "w" },
  outcomes: [],
  journal: [],
};

describe("reportSections", () => {
  it("tells a whole run, and of one that has only begun what there is", () => {
    expect(reportSections(inputs("x")).map(({ title }) => title)).toEqual(titles);
    expect(reportSections(bare).map(({ title }) => title)).toEqual(["Summary", "Timeline"]);
    expect(renderMarkdown("t", reportSections(bare))).toContain("Nothing has been done yet.");
  });

  it("counts by rule and migration, and names each failed object with the server's words", () => {
    const { replay, outcomes, ...rest } = inputs("x");
    const object = (name: string) => ({ group: "", kind: "Pod", name });
    const markdown = renderMarkdown(
      "t",
      reportSections({
        ...rest,
        ...(replay && { replay }),
        outcomes: [
          ...outcomes.slice(0, 1),
          { object: object("a"), ending: "skipped", by: "events", reason: "Events end" },
          { object: object("b"), ending: "skipped", by: "events", reason: "Events end" },
          { object: object("c"), ending: "failed", by: "create", reason: "denied: c" },
          { object: object("d"), ending: "failed", by: "create", reason: "denied: d" },
        ],
      }),
    );
    expect(markdown).toContain("| skipped: events | 2 | Pod a | Events end |");
    expect(markdown).toContain("| Pod c | create | denied: c |\n| Pod d | create | denied: d |");
  });

  it("says loudly when the counts don't add up, and nothing of it when they do", () => {
    const whole = inputs("x");
    const lost = {
      ...whole.replay,
      accounting: accountingOf({ Pod: counts({ listed: 2, migrated: 1 }) }),
    } as typeof whole.replay;
    expect(renderMarkdown("t", reportSections(whole))).not.toContain("DON'T ADD UP");
    expect(renderMarkdown("t", reportSections({ ...whole, ...(lost && { replay: lost }) }))).toContain("DON'T ADD UP");
  });

  it("shows an approval of another plan as what it is", () => {
    const whole = inputs("x");
    expect(renderMarkdown("t", reportSections(whole))).not.toContain("doesn't hold");
    const other = { format: 1 as const, planHash: "f00", by: "Jo", at };
    expect(renderMarkdown("t", reportSections({ ...whole, approval: other }))).toContain(
      "Jo, 2026-11-28T22:00:00.000Z (of another plan: it doesn't hold for this one)",
    );
  });
});

describe("renderMarkdown", () => {
  it("keeps its shape whatever names and servers say", () => {
    const markdown = renderMarkdown(hostile, reportSections(inputs(hostile)));
    const outsideOfCode = markdown.replace(/^(`{4,})\n[\s\S]*?\n\1$/gm, "");
    expect(
      outsideOfCode
        .split("\n")
        .filter((line) => /^#+ /.test(line))
        .slice(1),
    ).toEqual(titles.map((title) => `## ${title}`));
    expect(outsideOfCode).not.toMatch(/^```/m);
    expect(outsideOfCode).not.toMatch(/<(script|img)/);
    for (const table of outsideOfCode.split("\n\n").filter((block) => block.startsWith("|"))) {
      const widths = table
        .trimEnd()
        .split("\n")
        .map((line) => line.replace(/\\[\\|]/g, "").split("|").length);
      expect(new Set(widths).size, table).toBe(1);
    }
  });
});

describe("renderHtml", () => {
  const html = renderHtml(hostile, reportSections(inputs(hostile)));

  it("escapes everything: no tag, script or handler of theirs", () => {
    expect(html).not.toMatch(/<script|<img|onerror=y>/i);
    expect(html).toContain("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
    const tags = new Set([...html.matchAll(/<\/?([a-z0-9!]+)/gi)].map(([, tag]) => tag));
    const own = [
      "!doctype",
      "html",
      "head",
      "meta",
      "title",
      "style",
      "body",
      "h1",
      "h2",
      "nav",
      "a",
      "section",
      "p",
      "div",
      "table",
      "thead",
      "tbody",
      "tr",
      "th",
      "td",
      "pre",
    ];
    expect([...tags].filter((tag) => !own.includes(tag ?? ""))).toEqual([]);
  });

  it("closes what it opens, and its links lead to its sections", () => {
    for (const tag of ["html", "body", "section", "table", "tr", "td", "th", "p", "pre", "div", "nav", "a"]) {
      const opened = [...html.matchAll(new RegExp(`<${tag}[ >]`, "g"))].length;
      expect([...html.matchAll(new RegExp(`</${tag}>`, "g"))].length, tag).toBe(opened);
    }
    const ids = [...html.matchAll(/<section id="([^"]*)"/g)].map(([, id]) => id);
    expect([...html.matchAll(/<a href="#([^"]*)"/g)].map(([, id]) => id)).toEqual(ids);
    expect(new Set(ids).size).toBe(titles.length);
  });

  it("needs nothing from elsewhere", () => {
    expect(renderHtml("t", reportSections(inputs("x")))).not.toMatch(/https?:|src=|@import|url\(/);
  });
});
