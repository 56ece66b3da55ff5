import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { replaceStrings } from "../../src/kube/json-strings.js";

/** What parsing, changing and printing again would give, where that loses nothing. */
function replaced(value: unknown, path: (string | number)[], change: (path: readonly unknown[]) => string): unknown {
  if (typeof value === "string") return change(path);
  if (Array.isArray(value)) return value.map((item, index) => replaced(item, [...path, index], change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => [field, replaced(inner, [...path, field], change)]),
  );
}

describe("replaceStrings", () => {
  it("finds every string at its path, and no name of a field, in any JSON", () => {
    const spaces = fc.constantFrom(undefined, 1, "\t");
    fc.assert(
      fc.property(fc.json(), spaces, (json, indent) => {
        const value: unknown = JSON.parse(json);
        const text = JSON.stringify(value, null, indent);
        const change = (path: readonly unknown[]) => JSON.stringify(path);
        expect(JSON.parse(replaceStrings(text, change))).toEqual(replaced(value, [], change));
        expect(replaceStrings(text, () => undefined)).toBe(text);
      }),
    );
  });

  it("leaves every other byte as it was", () => {
    const text =
      '{ "n": 1e+06, "big": 12345678901234567890, "s": "\\u0041\\/", "list":[ "a" , {"a":"a\\"\\\\"}, "b"] }\n';
    const change = (path: readonly unknown[]) => (path.join(".") === "list.1.a" ? "x" : undefined);
    expect(replaceStrings(text, change)).toBe(text.replace('"a\\"\\\\"', '"x"'));
  });

  it("takes texts that nest deeper than a stack is high", () => {
    const text = `${"[".repeat(200_000)}"a"${"]".repeat(200_000)}`;
    expect(replaceStrings(text, () => "b")).toBe(text.replace("a", "b"));
  });
});
