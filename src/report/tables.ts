import { type Accounting, endings } from "../model/accounting.js";
import type { SmokeReport } from "../model/smoke.js";

/** A table as data: every renderer (terminal, Markdown, HTML) makes its own of it. */
export interface Table {
  head: string[];
  rows: string[][];
  /** Indexes of columns with numbers: aligned to the right. */
  numeric: number[];
}

/** One row a kind, and the sum last; `adds up` is no ornament: listed must equal the sum of the endings. */
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
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([kind, counts]) => row(kind, counts)),
      row("all", total),
    ],
    numeric: [1, 2, 3, 4, 5, 6, 7],
  };
}

export function addsUp({ kinds, total }: Accounting): boolean {
  return [...Object.values(kinds), total].every(
    (counts) => counts.listed === endings.reduce((sum, ending) => sum + counts[ending], 0),
  );
}

export function smokeTable({ checks }: SmokeReport): Table {
  return {
    head: ["outcome", "check", "kind", "seen", "ms"],
    rows: checks.map(({ outcome, name, kind, detail, ms }) => [outcome, name, kind, detail, String(Math.round(ms))]),
    numeric: [4],
  };
}

/** Columns padded with spaces, for terminals. */
export function textTable({ head, rows, numeric }: Table): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[]): string =>
    cells
      .map((cell, column) =>
        numeric.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [line(head), ...rows.map(line)].join("\n");
}

export function markdownTable({ head, rows, numeric }: Table): string {
  const line = (cells: string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
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
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
