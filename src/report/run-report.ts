import { addsUp, type Outcome, type ParityReport, type ReplayRecord } from "../model/accounting.js";
import { type ApprovalFile, approvalsOf } from "../model/approval.js";
import { compareText } from "../model/canonical.js";
import { describeEnd, type HeldRecord, leftKeys, releasedKeys } from "../model/held.js";
import type { JournalEntry } from "../model/journal.js";
import type { LeftoverReport } from "../model/leftover.js";
import { refKey } from "../model/objects.js";
import type { Plan } from "../model/plan.js";
import type { GreenRecord, RehearsalReport } from "../model/run.js";
import type { SmokeReport } from "../model/smoke.js";
import type { TeardownReceipt } from "../model/teardown.js";
import type { ValidationReport } from "../model/validation.js";
import { remainsOf } from "./remains.js";
import { accountingTable, leftoverTable, smokeTable, type Table, validationTable } from "./tables.js";
import { timelineOf } from "./timeline.js";
import { verdictsTable } from "./verdicts.js";

/** What a report is made of: the run's own files, and nothing else. */
export interface ReportInputs {
  run: string;
  status: { phase: string; traffic: string; next: string; wayBack: string };
  plan?: Plan;
  approval?: ApprovalFile;
  green?: GreenRecord;
  rehearsal?: RehearsalReport;
  replay?: ReplayRecord;
  outcomes: Outcome[];
  parity?: ParityReport;
  held?: HeldRecord;
  smoke?: SmokeReport;
  validation?: ValidationReport;
  leftover?: LeftoverReport;
  teardown?: TeardownReceipt;
  journal: readonly JournalEntry[];
  /** The last words of green's control plane, where they can be had. */
  logs?: { name: string; tail: string }[];
}

export type Block = { kind: "text"; text: string } | { kind: "table"; table: Table } | { kind: "code"; text: string };

export interface Section {
  title: string;
  blocks: Block[];
}

const text = (words: string): Block => ({ kind: "text", text: words });
const facts = (rows: string[][]): Block => ({ kind: "table", table: { head: ["", ""], rows, numeric: [] } });

/** The report as data: sections of words and tables that each renderer shows in its own way. */
export function reportSections(inputs: ReportInputs): Section[] {
  return [
    summary(inputs),
    timeline(inputs),
    standing(inputs),
    accounting(inputs),
    parity(inputs),
    held(inputs),
    checks(inputs),
    betweenSteps(inputs),
    leftoverTraffic(inputs),
    remains(inputs),
    findings(inputs),
    logs(inputs),
  ].filter((section) => section !== undefined);
}

function summary({ run, status, plan, approval, green, rehearsal }: ReportInputs): Section {
  const rows = [
    ["Run", run],
    ["Phase", status.phase],
    ["Traffic", status.traffic],
    ["Next", status.next],
    ["Way back", status.wayBack],
  ];
  if (plan) rows.push(["Blue", `${plan.blue.name}, Kubernetes ${plan.blue.version}`], ["Plan", plan.hash]);
  for (const { by, at, comment, planHash, proof } of approvalsOf(approval)) {
    const fits = planHash === plan?.hash ? "" : " (of another plan: it doesn't hold for this one)";
    const proved = { name: "", aws: " (by AWS)", ssh: " (signed)" }[proof.kind];
    rows.push(["Approved", `${by}${proved}, ${at}${comment ? `: ${comment}` : ""}${fits}`]);
  }
  if (green) rows.push(["Green", `${green.stack}, Kubernetes ${green.version}, ready ${green.readyAt}`]);
  if (rehearsal) {
    rows.push([
      "Rehearsal",
      `${rehearsal.objects} objects against ${rehearsal.version}, ${rehearsal.refused.length} refused`,
    ]);
  }
  return { title: "Summary", blocks: [facts(rows)] };
}

function timeline({ journal }: ReportInputs): Section {
  const rows = timelineOf(journal).map(({ at, phase, what, outcome }) => [at, phase, outcome, what]);
  return {
    title: "Timeline",
    blocks:
      rows.length > 0
        ? [{ kind: "table", table: { head: ["at", "phase", "outcome", "what"], rows, numeric: [] } }]
        : [text("Nothing has been done yet.")],
  };
}

function standing({ validation }: ReportInputs): Section | undefined {
  if (!validation) return undefined;
  const { at, steady, green } = validation;
  return {
    title: "Whether green stands",
    blocks: [
      text(`${at}, green ${green.clusterId}: looked at ${steady.looks} times, ${Math.round(steady.ms / 1000)} s long.`),
      { kind: "table", table: validationTable(validation) },
    ],
  };
}

function accounting({ replay, outcomes }: ReportInputs): Section | undefined {
  if (!replay) return undefined;
  const byDecision = new Map<string, { count: number; example: string; reason: string }>();
  for (const { by, ending, reason, object } of outcomes) {
    if (ending === "migrated" && !by) continue;
    const key = `${ending}: ${by ?? "no rule"}`;
    const entry = byDecision.get(key) ?? { count: 0, example: refKey(object), reason: reason ?? "" };
    entry.count++;
    byDecision.set(key, entry);
  }
  const failed = outcomes.filter(({ ending }) => ending === "failed");
  const rows = [...byDecision]
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, { count, example, reason }]) => [key, String(count), example, reason]);
  return {
    title: "What became of every object",
    blocks: [
      { kind: "table", table: accountingTable(replay.accounting) },
      ...(addsUp(replay.accounting)
        ? []
        : [
            text("These counts DON'T ADD UP: objects were lost from the accounting. Nothing may be concluded from it."),
          ]),
      text("By rule and migration:"),
      { kind: "table", table: { head: ["decided by", "objects", "for example", "why"], rows, numeric: [1] } },
      ...(failed.length > 0 ? [text("Failed, each in the server's own words:"), failedTable(failed)] : []),
    ],
  };
}

function failedTable(failed: readonly Outcome[]): Block {
  const rows = failed.map(({ object, by, reason }) => [refKey(object), by ?? "", reason ?? ""]);
  return { kind: "table", table: { head: ["object", "at", "why"], rows, numeric: [] } };
}

function parity({ parity: report }: ReportInputs): Section | undefined {
  if (!report) return undefined;
  const declared = Object.entries(report.declared).map(([rule, count]) => [rule, String(count)]);
  return {
    title: "Parity",
    blocks: [
      text(
        `${report.compared} objects compared at ${report.at}: ${report.differences.length} undeclared difference(s).`,
      ),
      ...(declared.length > 0
        ? [{ kind: "table" as const, table: { head: ["declared by", "differences"], rows: declared, numeric: [1] } }]
        : []),
      ...(report.differences.length > 0
        ? [
            {
              kind: "table" as const,
              table: {
                head: ["object", "difference", "fields"],
                rows: report.differences.map(({ object, kind, fields }) => [
                  refKey(object),
                  kind,
                  fields.map(({ path }) => path).join(", "),
                ]),
                numeric: [],
              },
            },
          ]
        : []),
    ],
  };
}

function held({ held: record, journal }: ReportInputs): Section | undefined {
  if (!record || record.objects.length === 0) return undefined;
  const [released, left] = [releasedKeys, leftKeys].map((keys) => keys(journal, record.green.clusterId));
  const rows = record.objects.map(({ object, hold, until, pointer }) => {
    const key = refKey(object);
    const state = released?.has(key) ? "released" : left?.has(key) ? "changed by somebody else" : "held";
    return [key, hold, describeEnd(until), pointer, state];
  });
  return {
    title: "Held on green",
    blocks: [
      text("What must not act on green as long as blue does it. The journal has each release."),
      { kind: "table", table: { head: ["object", "hold", "how long", "field", "now"], rows, numeric: [] } },
    ],
  };
}

function checks({ smoke }: ReportInputs): Section | undefined {
  if (!smoke) return undefined;
  return {
    title: "Checks",
    blocks: [
      text(`Latest smoke test: ${smoke.passed ? "passed" : "failed"}, ${smoke.at}, of green ${smoke.green.clusterId}.`),
      { kind: "table", table: smokeTable(smoke) },
    ],
  };
}

function betweenSteps({ journal }: ReportInputs): Section | undefined {
  const table = verdictsTable(journal);
  return table && { title: "Checks between the steps", blocks: [{ kind: "table", table }] };
}

function leftoverTraffic({ leftover }: ReportInputs): Section | undefined {
  if (!leftover) return undefined;
  const since = leftover.quietSince === null ? "not quiet" : `quiet since ${leftover.quietSince}`;
  return {
    title: "Who still talks to blue",
    blocks: [text(`Measured ${leftover.at}: ${since}.`), { kind: "table", table: leftoverTable(leftover) }],
  };
}

function remains({ teardown }: ReportInputs): Section | undefined {
  if (!teardown) return undefined;
  const blocks = remainsOf(teardown).flatMap(({ text: words, table }): Block[] => [
    text(words),
    ...(table ? [{ kind: "table" as const, table }] : []),
  ]);
  return { title: "What became of blue", blocks };
}

function findings({ plan }: ReportInputs): Section | undefined {
  if (!plan) return undefined;
  return {
    title: "Findings of the plan",
    blocks: [
      {
        kind: "table",
        table: {
          head: ["severity", "id", "object", "why", "what to do"],
          rows: plan.findings.map(({ severity, id, object, why, whatToDo }) => [
            severity,
            id,
            object ? refKey(object) : "",
            why,
            whatToDo,
          ]),
          numeric: [],
        },
      },
    ],
  };
}

function logs({ logs: tails }: ReportInputs): Section | undefined {
  if (!tails || tails.length === 0) return undefined;
  return {
    title: "Green's control plane, in its own words",
    blocks: tails.flatMap(({ name, tail }) => [text(name), { kind: "code" as const, text: tail }]),
  };
}
