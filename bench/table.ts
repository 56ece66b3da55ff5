import { type Table, textTable } from "../src/report/tables.js";
import type { FigureResult } from "./figure.js";

/** Ratios first: they are what may be compared between machines; the medians are this machine's alone. */
export function figuresTable(results: readonly FigureResult[]): Table {
  return {
    head: ["figure", "who", "as", "ratio", "least", "most", "median"],
    rows: results.flatMap(({ id, unit, rows }) =>
      rows.map(({ name, role, ratio, ratios, median }) => [
        id,
        name,
        role,
        ...[ratio, ratios.lowest, ratios.highest].map((value) => value.toFixed(2)),
        `${median.toFixed(unit === "ms" && median < 100 ? 1 : 0)} ${unit}`,
      ]),
    ),
    numeric: [3, 4, 5, 6],
  };
}

/** What the table's numbers are of, one line each. */
export function notesOf(results: readonly FigureResult[]): string[] {
  return results.flatMap(({ id, size, notes }) => [size, ...notes].map((note) => `${id}: ${note}`));
}

/** Each figure's own tables, below their titles. */
export function ownTablesOf(results: readonly FigureResult[]): string[] {
  return results.flatMap(({ id, tables = [] }) =>
    tables.map(({ title, table }) => `${id}: ${title}\n${textTable(table)}`),
  );
}
