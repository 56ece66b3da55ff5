import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/model/plan.js";
import { planMarkdown } from "../../src/plan/markdown.js";
import { planText } from "../../src/plan/text.js";
import { samplePlan } from "../model/samples.js";

const hostile = "a|b\\|c\n# not a heading\n| x |\r\n```\n<script>alert(1)</script> `code` \u001b[31mred\u0007";

/** A plan in which every text that comes from outside is hostile. */
function hostilePlan(): Plan {
  const group = { name: hostile, role: "worker" as const, zones: { [hostile]: 1 }, labels: {}, taints: [] };
  const topology = { zones: [hostile], groups: [group] };
  return samplePlan({
    environment: hostile,
    blue: { name: hostile, version: hostile, clusterId: hostile, topology },
    green: { version: hostile, topology },
    findings: [
      {
        id: "object-stuck-deleting",
        severity: "warning",
        object: { group: hostile, kind: hostile, name: hostile },
        count: 2,
        why: hostile,
        whatToDo: hostile,
      },
    ],
    kinds: [{ kind: hostile, count: 1, readAs: hostile, writeAs: null, by: hostile }],
    volumes: [
      {
        claim: { group: "", kind: "PersistentVolumeClaim", namespace: hostile, name: hostile },
        ...{ strategy: "copy", rule: hostile, reason: hostile, handle: hostile, size: hostile, users: [] },
        zone: { from: hostile, to: "b" },
        downtime: { seconds: 270, basis: hostile },
      },
    ],
    deployers: [
      { id: hostile, kind: "helm", objects: 1, handling: "leave", examples: [hostile] },
      { id: "nobody known", kind: "hand", objects: 1, handling: "copy", examples: [hostile] },
    ],
    targets: [{ target: hostile, from: hostile, to: hostile }],
    steps: [{ phase: "up", what: hostile, touches: "green", undo: hostile }],
    budgets: [{ phase: "up", seconds: 1, basis: hostile }],
    window: { opens: hostile, closes: hostile },
    rehearsal: { where: hostile, differences: [hostile] },
  });
}

const headings = (markdown: string): string[] => markdown.split("\n").filter((line) => /^#+ /.test(line));
const sections = [
  "Scope",
  "What moves traffic",
  "Risk",
  "Backup",
  "Communication",
  "Steps",
  "Time",
  "Rollback",
  "Rehearsal",
  "What becomes of each kind",
];

/** Cells of a table's row, as GitHub's Markdown splits it: a bar that no backslash escapes ends a cell. */
const cells = (row: string): number => [...row.replace(/\\[\\|]/g, "").matchAll(/\|/g)].length - 1;

describe("planMarkdown", () => {
  it("has every section that a change board asks for, in order", () => {
    expect(headings(planMarkdown(samplePlan()))).toEqual([
      "# Maintenance plan: acme production, Kubernetes v1.24.17 to 1.35",
      ...sections.map((title) => (title === "What moves traffic" ? `### ${title}` : `## ${title}`)),
    ]);
  });

  it("keeps its shape whatever the names are: no heading, row, fence, tag or control character of theirs", () => {
    const markdown = planMarkdown(hostilePlan());
    expect(
      headings(markdown)
        .map((line) => line.replace(/^#+ /, ""))
        .slice(1),
    ).toEqual([...sections, "Who deploys it", "What nobody is known to deploy", "What becomes of the volumes"]);
    for (const table of markdown.split("\n\n").filter((block) => block.startsWith("|"))) {
      const widths = table.trimEnd().split("\n").map(cells);
      expect(new Set(widths).size, table).toBe(1);
    }
    expect(markdown).not.toMatch(/^```/m);
    const outsideOfCode = markdown.replace(/(?<!`)(`{4,})(?!`).*?(?<!`)\1(?!`)/g, "");
    expect(outsideOfCode).not.toBe(markdown);
    expect(outsideOfCode).not.toMatch(/<script/i);
    expect(markdown).not.toMatch(/(?!\n)\p{Cc}/u);
  });

  it.each<[string, string | undefined, RegExp]>([
    ["nobody approved", undefined, /\| Approved \| not yet \|/],
    ["another plan was approved", "f00", /\| Approved \| not yet \|/],
    ["it was approved", samplePlan().hash, /\| Approved \| Jo Berg, 2026-11-28T20:10:00Z \(CHG-1\) \|/],
  ])("says when %s", (_, planHash, says) => {
    const approval =
      planHash === undefined
        ? undefined
        : { format: 1 as const, planHash, by: "Jo Berg", at: "2026-11-28T20:10:00Z", comment: "CHG-1" };
    expect(planMarkdown(samplePlan(), approval)).toMatch(says);
  });

  it.each<[string, Partial<Plan>, RegExp]>([
    ["no window", { window: null }, /\| Window \| none set \|/],
    ["how long a way back takes", { rollbackSeconds: 61 }, /at most 1m 01s, in which both clusters serve/],
    ["no targets", { targets: [] }, /Nothing: no traffic targets are configured\./],
    [
      "a green whose stack decides",
      { green: { version: "1.35", topology: { zones: [], groups: [] } } },
      /Green: its stack decides\./,
    ],
    [
      "a kind that isn't written",
      { kinds: [{ kind: "Event", count: 7, readAs: "v1", writeAs: null, by: "events" }] },
      /\| Event \| 7 \| v1 \| – \| events \|/,
    ],
  ])("shows %s", (_, parts, says) => {
    expect(planMarkdown(samplePlan(parts))).toMatch(says);
  });
});

describe("planText", () => {
  it("shows what must be known before approving", () => {
    const plan = samplePlan({
      findings: [
        {
          id: "no-window",
          severity: "warning",
          object: { group: "", kind: "Pod", name: "a", namespace: "n" },
          count: 3,
          why: "Why.",
          whatToDo: "Do.",
        },
      ],
    });
    expect(planText(plan).split("\n")).toEqual([
      `Plan ${plan.hash.slice(0, 12)} of run 20261128T200000Z: acme production`,
      "  blue   blue.acme.example, Kubernetes v1.24.17, 3 objects of 1 kinds",
      "         nodes 2 (eu-central-1a 2)",
      "  green  Kubernetes 1.35",
      "  window 2026-11-28T21:00:00Z to 2026-11-29T03:00:00Z",
      "",
      "Findings (1)",
      "  warning  no-window: Pod n/a and 2 more: Why.",
      "           -> Do.",
      "",
      "Steps",
      "   1. up        Stand up green",
      "",
      "Time, at most",
      "  up        30m 00s  green.readyTimeout",
    ]);
  });

  it("shows who deploys what, and by name what nobody does, each up to a limit", () => {
    const byHand = Array.from({ length: 12 }, (_, index) => `ConfigMap shop/${index}`);
    const helm = Array.from({ length: 21 }, (_, index) => ({
      id: `helm shop/${index}`,
      kind: "helm" as const,
      objects: 3,
      handling: index === 0 ? ("leave" as const) : ("copy" as const),
      examples: [],
    }));
    const nobody = {
      id: "nobody known",
      kind: "hand" as const,
      objects: 12,
      handling: "copy" as const,
      examples: byHand,
    };
    const lines = planText(samplePlan({ deployers: [...helm, nobody] })).split("\n");
    const from = lines.indexOf("Who deploys it (22)");
    expect(lines.slice(from + 1, from + 3)).toEqual([
      "  helm shop/0   3 object(s), left to it: migrate waits for them",
      "  helm shop/1   3 object(s), copied",
    ]);
    expect(lines.slice(from + 21, from + 25)).toEqual([
      "  and 1 more: see plan.md",
      "  nobody known: 12 object(s), copied; a rebuild from what lies in Git would lack them",
      "    ConfigMap shop/0",
      "    ConfigMap shop/1",
    ]);
    expect(lines[from + 33]).toBe("    and 2 more: see plan.md");
    const markdown = planMarkdown(samplePlan({ deployers: [...helm, nobody] }));
    for (const object of byHand) expect(markdown).toContain(`- \`${object}\``);
    expect(markdown).toContain("| helm shop/0 | 3 | left to it; migrate waits until it has brought them |  |");
  });

  it("shows five findings of a kind, and how many more there are", () => {
    const findings = Array.from({ length: 8 }, (_, index) => ({
      id: index < 7 ? "dangling-reference" : "other",
      severity: "warning" as const,
      why: `Why ${index}.`,
      whatToDo: "Do.",
    }));
    const text = planText(samplePlan({ findings }));
    expect(text).toContain("Findings (8)");
    expect(text.match(/^ {2}warning {2}dangling-reference:/gm)).toHaveLength(5);
    expect(text).toContain("and 2 more dangling-reference: see plan.md\n  warning  other: Why 7.");
  });

  it("lets no name move the cursor or add lines", () => {
    const text = planText(hostilePlan());
    const plain = { id: "x", kind: "helm" as const, objects: 1, handling: "leave" as const, examples: [] };
    const tame = samplePlan({
      findings: [{ id: "x", severity: "note", why: "", whatToDo: "" }],
      deployers: [plain, { ...plain, kind: "hand", examples: ["x"] }],
      volumes: hostilePlan().volumes?.map((each) => ({ ...each, size: "1Gi" })) ?? [],
    });
    expect(text.split("\n")).toHaveLength(planText(tame).split("\n").length);
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
  });
});

it("shows what becomes of each claim's volume, on the terminal and in the plan", () => {
  const claim = { group: "", kind: "PersistentVolumeClaim", namespace: "shop", name: "data" };
  const volume = {
    ...{ claim, strategy: "copy" as const, rule: "zone-moved", reason: "It moves.", size: "50Gi", users: [] },
    zone: { from: "eu-central-1a", to: "eu-central-1b" },
    downtime: { seconds: 310, basis: "stop 60s" },
  };
  const plan = samplePlan({ volumes: [volume, { ...volume, strategy: "fresh", claim: { ...claim, name: "cache" } }] });
  expect(planText(plan)).toMatch(/Volumes \(2\)\n {2}shop\/data +copy +50Gi +eu-central-1a -> eu-central-1b/);
  expect(planMarkdown(plan)).toContain(
    "| shop/data | copy | 50Gi | eu-central-1a -> eu-central-1b | 5m 10s: stop 60s | zone-moved | It moves. |",
  );
  expect(planText(samplePlan())).not.toContain("Volumes");
});
