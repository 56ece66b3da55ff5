import { stringify } from "../kube/json.js";
import type { Difference, ParityReport } from "../model/accounting.js";
import { compareText } from "../model/canonical.js";
import { kindKey, refKey } from "../model/objects.js";
import { oneLine } from "../model/plain-text.js";
import { type JunitCase, junit } from "./junit.js";
import type { Block, Section } from "./run-report.js";
import { type Table, textTable } from "./tables.js";

/** A comparison of blue, as migrated, with green, and what it was made of. */
export interface Comparison {
  /** For people: where blue's objects, and green's, were read. */
  blue: string;
  green: string;
  /** What was compared, where it wasn't all: `namespace shop, kind Service`. */
  selected?: string;
  /** Objects compared, by `Kind.group`. */
  kinds: Record<string, number>;
  parity: ParityReport;
}

/** Fields of one object that a terminal shows. */
const mostFields = 20;

export function comparisonText(comparison: Comparison): string {
  const { parity } = comparison;
  return [
    ...introduction(comparison),
    "",
    ...(parity.differences.length > 0 ? [textTable(kindsTable(comparison)), ""] : []),
    ...parity.differences.flatMap(differenceLines),
    ...declaredLines(parity),
    summaryOf(parity),
  ].join("\n");
}

/** The same facts as a page: summary, kinds, each difference, and what rules declare. */
export function comparisonSections(comparison: Comparison): Section[] {
  const { parity } = comparison;
  const declared = declaredTable(parity);
  return [
    {
      title: "Summary",
      blocks: [...introduction(comparison), summaryOf(parity)].map((text): Block => ({ kind: "text", text })),
    },
    { title: "Kinds", blocks: [{ kind: "table", table: kindsTable(comparison) }] },
    ...(parity.differences.length > 0
      ? [{ title: "Differences", blocks: [{ kind: "table" as const, table: differencesTable(parity) }] }]
      : []),
    ...(declared.rows.length > 0
      ? [{ title: "Declared by rules", blocks: [{ kind: "table" as const, table: declared }] }]
      : []),
  ];
}

/** One test case a kind: it fails where any of its objects differs, and names each. */
export function comparisonJunit({ kinds, parity }: Comparison): string {
  const cases = namesOf(kinds, parity).map((kind): JunitCase => {
    const differing = parity.differences.filter(({ object }) => kindKey(object) === kind);
    const message = differing.flatMap(differenceLines).join("\n");
    const trouble = { tag: "failure" as const, message };
    return { classname: "parity", name: kind, ms: 0, ...(differing.length > 0 && { trouble }) };
  });
  return junit("clustershift diff", parity.at, cases);
}

function introduction({ blue, green, selected, parity }: Comparison): string[] {
  return [
    `Blue: ${blue}, as migrated. Green: ${green}, at ${parity.at}.`,
    ...(selected === undefined ? [] : [`Only ${selected}.`]),
  ];
}

function summaryOf({ compared, differences, declared }: ParityReport): string {
  const byRule = Object.values(declared).reduce((sum, count) => sum + count, 0);
  return `${compared} objects compared: ${differences.length} differ in a way that no rule declares; ${byRule} differences are declared.`;
}

function namesOf(kinds: Comparison["kinds"], { differences }: ParityReport): string[] {
  const names = new Set([...Object.keys(kinds), ...differences.map(({ object }) => kindKey(object))]);
  return [...names].sort(compareText);
}

function kindsTable({ kinds, parity }: Comparison): Table {
  const count = (kind: string, what: Difference["kind"]): number =>
    parity.differences.filter((each) => kindKey(each.object) === kind && each.kind === what).length;
  const columns = ["missing", "different", "unexpected"] as const;
  return {
    head: ["kind", "compared", ...columns],
    rows: namesOf(kinds, parity).map((kind) => [
      kind,
      String(kinds[kind] ?? 0),
      ...columns.map((what) => String(count(kind, what))),
    ]),
    numeric: [1, 2, 3, 4],
  };
}

function differencesTable({ differences }: ParityReport): Table {
  return {
    head: ["object", "difference", "field", "blue", "green"],
    rows: differences.flatMap(({ object, kind, fields }) =>
      fields.length === 0
        ? [[refKey(object), kind, "", "", ""]]
        : fields.map(({ path, blue, green }) => [refKey(object), kind, path, shown(blue), shown(green)]),
    ),
    numeric: [],
  };
}

function declaredTable({ declared }: ParityReport): Table {
  const rows = Object.entries(declared)
    .sort(([a], [b]) => compareText(a, b))
    .map(([rule, count]) => [rule, String(count)]);
  return { head: ["rule", "differences"], rows, numeric: [1] };
}

function declaredLines(parity: ParityReport): string[] {
  const table = declaredTable(parity);
  return table.rows.length === 0 ? [] : [textTable(table), ""];
}

const explained: Record<Difference["kind"], string> = {
  missing: "missing on green",
  different: "different",
  unexpected: "on green, written by clustershift, and not on blue any more",
};

function differenceLines({ object, kind, fields }: Difference): string[] {
  const more = fields.length > mostFields ? [`    and ${fields.length - mostFields} more`] : [];
  return [
    oneLine(`${refKey(object)}: ${explained[kind]}`),
    ...fields
      .slice(0, mostFields)
      .map(({ path, blue, green }) => oneLine(`    ${path}: ${shown(blue)} -> ${shown(green)}`)),
    ...more,
  ];
}

/** Characters of a value that are shown: the JSON output has all of it. */
const mostShown = 120;

function shown(value: unknown): string {
  if (value === undefined) return "(nothing)";
  const text = stringify(value);
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
}
