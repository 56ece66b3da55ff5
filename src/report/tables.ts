import { type Accounting, endings } from "../model/accounting.js";
import { compareText } from "../model/canonical.js";
import type { LeftoverReport } from "../model/leftover.js";
import { markdownCell, oneLine } from "../model/plain-text.js";
import type { SmokeReport } from "../model/smoke.js";
import type { ValidationReport } from "../model/validation.js";

/** A table as data: every renderer (terminal, Markdown, HTML) makes its own of it. */
export interface Table {
  head: string[];
  rows: string[][];
  /** Indexes of columns with numbers: aligned to the right. */
  numeric: number[];
}

/** One row a kind, and the sum last. */
export function accountingTable({ kinds, total }: Accounting): Table {
  const row = (name: string, counts: Accounting["total"]): string[] => [
    name,
    String(counts.listed),
    ...endings.map((ending) => String(counts[ending])),
  ];
  return {
    head: ["kind", "listed", ...endings],
    rows: [
      ...Object.entries(kinds)
        .sort(([a], [b]) => compareText(a, b))
        .map(([kind, counts]) => row(kind, counts)),
      row("all", total),
    ],
    numeric: [1, 2, 3, 4, 5, 6, 7],
  };
}

export function smokeTable({ checks }: Pick<SmokeReport, "checks">): Table {
  return {
    head: ["outcome", "check", "kind", "seen", "ms"],
    rows: checks.map(({ outcome, name, kind, detail, ms }) => [outcome, name, kind, detail, String(Math.round(ms))]),
    numeric: [4],
  };
}

export function validationTable({ checks }: Pick<ValidationReport, "checks">): Table {
  return {
    head: ["outcome", "check", "seen"],
    rows: checks.map(({ outcome, name, detail }) => [outcome, name, detail]),
    numeric: [],
  };
}

export function leftoverTable({ sources }: Pick<LeftoverReport, "sources">): Table {
  return {
    head: ["outcome", "source", "kind", "seen"],
    rows: sources.map(({ outcome, name, kind, detail }) => [outcome, name, kind, detail]),
    numeric: [],
  };
}

/** Columns padded with spaces, for terminals. */
export function textTable({ head, rows, numeric }: Table): string {
  const lines = [head, ...rows].map((row) => row.map(oneLine));
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => widthOf(cells[column] ?? ""))));
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => {
          const padding = " ".repeat((widths[column] ?? 0) - widthOf(cell));
          return numeric.includes(column) ? padding + cell : cell + padding;
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const wide =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;

/** Columns that a text takes on a terminal: East Asian characters and emoji take two, combining marks none. */
function widthOf(text: string): number {
  return [...graphemes.segment(text)].reduce((sum, { segment }) => sum + (wide.test(segment) ? 2 : 1), 0);
}

/** As much of a line as fits into so many columns; an ellipsis says that there was more. */
export function clipped(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = "";
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    width += widthOf(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return columns > 0 ? `${kept}…` : "";
}

export function markdownTable({ head, rows, numeric }: Table): string {
  const line = (cells: string[]): string => `| ${cells.map(markdownCell).join(" | ")} |`;
  return [
    line(head),
    `|${head.map((_, column) => (numeric.includes(column) ? "--:" : "---")).join("|")}|`,
    ...rows.map(line),
  ].join("\n");
}

export function htmlTable({ head, rows, numeric }: Table): string {
  const cells = (tag: "th" | "td", row: string[]): string =>
    row
      .map((cell, column) => `<${tag}${numeric.includes(column) ? ' class="n"' : ""}>${escapeHtml(cell)}</${tag}>`)
      .join("");
  return `<table><thead><tr>${cells("th", head)}</tr></thead><tbody>${rows
    .map((row) => `<tr>${cells("td", row)}</tr>`)
    .join("\n")}</tbody></table>`;
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
