import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addsUp, type Counts, endings } from "../../src/model/accounting.js";
import {
  accountingTable,
  escapeHtml,
  htmlTable,
  markdownTable,
  smokeTable,
  type Table,
  textTable,
} from "../../src/report/tables.js";
import { accountingOf, counts } from "../model/samples.js";

const row = fc
  .record(Object.fromEntries(endings.map((ending) => [ending, fc.nat({ max: 1000 })])))
  .map((ended) => counts({ ...ended, listed: Object.values(ended).reduce((sum, count) => sum + count, 0) }));
const accounting = fc.dictionary(fc.string(), row, { maxKeys: 6, noNullPrototype: true }).map(accountingOf);

describe("addsUp", () => {
  it("holds for every sum of rows that hold", () => {
    fc.assert(fc.property(accounting, (each) => addsUp(each)));
  });

  it("sees one object more or less, in any column of any row or of the sum", () => {
    fc.assert(
      fc.property(
        accounting,
        fc.nat(),
        fc.constantFrom(...(["listed", ...endings] as const)),
        fc.constantFrom(-1, 1),
        (each, at, column, by) => {
          const { kinds, total } = structuredClone(each);
          const rows: Counts[] = [...Object.values(kinds), total];
          const changed = rows[at % rows.length];
          if (changed) changed[column] += by;
          expect(addsUp({ kinds, total })).toBe(false);
        },
      ),
    );
  });

  it("sees an object that moved from one row to another in the sum's place", () => {
    const kinds = { Pod: counts({ listed: 2, migrated: 2 }), Secret: counts({ listed: 1, skipped: 1 }) };
    expect(addsUp({ kinds, total: counts({ listed: 3, migrated: 3 }) })).toBe(false);
    expect(addsUp({ kinds, total: counts({ listed: 3, migrated: 2, skipped: 1 }) })).toBe(true);
  });
});

describe("accountingTable", () => {
  it("has a row for each kind in one order everywhere, and the sum last", () => {
    const table = accountingTable(
      accountingOf({
        "b.example": counts({ listed: 1, dropped: 1 }),
        Z: counts({ listed: 2, merged: 2 }),
        a: counts(),
      }),
    );
    expect(table.head).toEqual(["kind", "listed", "migrated", "merged", "derived", "skipped", "dropped", "failed"]);
    expect(table.rows).toEqual([
      ["Z", "2", "0", "2", "0", "0", "0", "0"],
      ["a", "0", "0", "0", "0", "0", "0", "0"],
      ["b.example", "1", "0", "0", "0", "0", "1", "0"],
      ["all", "3", "0", "2", "0", "0", "1", "0"],
    ]);
    expect(table.numeric).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});

const sample: Table = {
  head: ["name", "n"],
  rows: [
    ["日本", "1"],
    ["e\u0301te", "20"],
    ["🚀", "300"],
  ],
  numeric: [1],
};

describe("textTable", () => {
  it("aligns numbers to the right, and names by the columns that they take on a terminal", () => {
    expect(textTable(sample).split("\n")).toEqual([
      "name    n",
      "日本    1",
      "e\u0301te    20".replace("    ", "    "),
      "🚀    300",
    ]);
  });

  it.each([
    ["a head alone", { head: ["a", "bc"], rows: [], numeric: [] }, "a  bc"],
    ["no columns", { head: [], rows: [], numeric: [] }, ""],
    ["a row that is too short", { head: ["a", "b"], rows: [["x"]], numeric: [] }, "a  b\nx"],
    [
      "line breaks and control characters",
      { head: ["a"], rows: [["x\r\ny\u001b[2J"]], numeric: [] },
      "a\nx y\ufffd[2J",
    ],
  ])("shows %s", (_, table, text) => {
    expect(textTable(table)).toBe(text);
  });

  it("has one line for each row, whatever is in it", () => {
    const cell = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell)), (rows) => {
        expect(textTable({ head: ["a", "b"], rows, numeric: [1] }).split(/\r|\n/)).toHaveLength(rows.length + 1);
      }),
    );
  });
});

describe("markdownTable", () => {
  it("says which columns are numbers", () => {
    expect(markdownTable(sample).split("\n").slice(0, 3)).toEqual(["| name | n |", "|---|--:|", "| 日本 | 1 |"]);
  });

  it("has one row of the same cells for each row, whatever is in it", () => {
    const cell = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom("|", "\\", "\n", "a", "`", "<") }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        const lines = markdownTable({ head: ["a", "b"], rows, numeric: [] }).split(/\r|\n/);
        expect(lines).toHaveLength(rows.length + 2);
        for (const line of lines) expect(line.replace(/\\[\\|]/g, "").split("|")).toHaveLength(4);
      }),
    );
  });
});

describe("HTML", () => {
  it("escapes everything that could begin a tag or end an attribute", () => {
    expect(escapeHtml(`<a href="x" class='y'>&amp;</a>`)).toBe(
      "&lt;a href=&quot;x&quot; class=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;",
    );
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("<", ">", '"', "'", "&", "a") }),
        (text) => !/[<>"']/.test(escapeHtml(text)),
      ),
    );
  });

  it("tables hold no tag but their own", () => {
    const html = htmlTable({ head: ["<b>"], rows: [["<script>alert(1)</script>"]], numeric: [0] });
    expect(html).toBe(
      '<table><thead><tr><th class="n">&lt;b&gt;</th></tr></thead><tbody><tr><td class="n">&lt;script&gt;alert(1)&lt;/script&gt;</td></tr></tbody></table>',
    );
  });
});

describe("smokeTable", () => {
  it("shows each check as it was seen, in whole milliseconds", () => {
    const checks = [{ name: "app", kind: "http", outcome: "inconclusive" as const, detail: "no answer", ms: 12.6 }];
    const report = {
      format: 1 as const,
      at: "",
      planHash: "",
      green: { clusterId: "", version: "" },
      passed: false,
      checks,
    };
    expect(smokeTable(report).rows).toEqual([["inconclusive", "app", "http", "no answer", "13"]]);
  });
});
