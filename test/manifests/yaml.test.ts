import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { parse, stringify as toJson } from "../../src/kube/json.js";
import { readJson } from "../../src/manifests/json.js";
import { defaultLimits } from "../../src/manifests/limits.js";
import { readYaml } from "../../src/manifests/yaml.js";

const scalar = (text: string) => (readYaml(`a: ${text}\n`, defaultLimits)[0]?.value as { a: unknown } | undefined)?.a;

describe("a scalar", () => {
  // Each was given to `kubectl patch --local -o json` (1.32), which answered so.
  it.each<[string, unknown]>([
    ["yes", true],
    ["NO", false],
    ["n", false],
    ["off", false],
    ["True", true],
    ["yEs", "yEs"],
    ["~", null],
    ["Null", null],
    ["0644", 420],
    ["0_7", 7],
    ["08", 8],
    ["0o17", 15],
    ["0x1F", 31],
    ["-0x1f", -31],
    ["0b101", 5],
    ["1_000", 1000],
    ["+5", 5],
    ["-0", 0],
    ["1e3", 1000],
    [".5", 0.5],
    ["1.", 1],
    ["1.10", 1.1],
    ["5e-2", 0.05],
    ["1:30", "1:30"],
    ["2020-01-01", "2020-01-01"],
    ["2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z"],
    ["9007199254740993", 9007199254740993n],
    ["-9223372036854775808", -9223372036854775808n],
    ["123456789012345678901234567890", 1.2345678901234568e29],
    ['"0644"', "0644"],
    ["'yes'", "yes"],
    ["!!str 12", "12"],
    ["|\n  yes", "yes\n"],
  ])("%s is read as kubectl reads it", (text, value) => {
    expect(scalar(text)).toEqual(value);
  });
});

const json = fc.jsonValue({ maxDepth: 4 });
const items = fc.array(
  fc.record({
    apiVersion: fc.constant("v1"),
    kind: fc.constant("X"),
    spec: json,
    metadata: fc.record({ name: fc.string() }),
  }),
  { minLength: 1, maxLength: 5 },
);

describe("a list in YAML", () => {
  it("is the list that was written, item by item on the lines where they begin, however it is indented", () => {
    fc.assert(
      fc.property(items, fc.boolean(), fc.boolean(), (list, indentSeq, blockQuote) => {
        const text = stringify(
          { apiVersion: "v1", items: list, kind: "List" },
          { version: "1.1", indentSeq, blockQuote, lineWidth: 0 },
        );
        const [document, ...others] = readYaml(`---\n${text}---\n`, defaultLimits);
        expect(others).toEqual([]);
        const value = parse(toJson(document?.value));
        expect(value).toEqual(parse(JSON.stringify({ apiVersion: "v1", items: list, kind: "List" })));
        const lines = text.split("\n");
        for (const line of document?.itemLines ?? []) expect(lines[line - 2]).toMatch(/^ *- apiVersion: v1$/);
        expect(document?.itemLines).toHaveLength(list.length);
      }),
      { numRuns: 150 },
    );
  });
});

describe("JSON", () => {
  it("is what was written, value by value, whatever stands between", () => {
    fc.assert(
      fc.property(fc.array(items, { maxLength: 3 }), fc.constantFrom(undefined, 1, "\t"), (lists, indent) => {
        const values = lists.map((list) => ({ kind: "List", metadata: { items: [1] }, items: list }));
        const text = values.map((value) => `\n ${JSON.stringify(value, null, indent)}`).join("");
        const documents = readJson(text, defaultLimits);
        expect(documents.map(({ value }) => value)).toEqual(parse(JSON.stringify(values)));
        expect(documents.map(({ itemLines }) => itemLines.length)).toEqual(lists.map(({ length }) => length));
      }),
      { numRuns: 150 },
    );
  });
});
