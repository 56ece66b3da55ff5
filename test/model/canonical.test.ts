import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, compareText, sha256 } from "../../src/model/canonical.js";

/** The same value, with the keys of every mapping in reverse. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, inner]) => [key, reversed(inner)]));
}

describe("canonicalJson", () => {
  it.each([
    [{ b: 1, a: [3, { d: 1, c: 2 }] }, '{"a":[3,{"c":2,"d":1}],"b":1}'],
    [{ a: undefined, b: null }, '{"b":null}'],
    [{ "10": 1, "9": 2, a: 3, Z: 4 }, '{"9":2,"10":1,"Z":4,"a":3}'],
    ["ö\n", '"ö\\n"'],
    [JSON.parse('{"__proto__":1,"a":2}'), '{"__proto__":1,"a":2}'],
  ])("%j", (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it("is the same for the same value, and JSON that gives it back", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("differs for different values", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const same = JSON.stringify(reversed(reversed(a))) === JSON.stringify(reversed(reversed(b)));
        if (canonicalJson(a) === canonicalJson(b))
          expect(JSON.parse(JSON.stringify(a))).toEqual(JSON.parse(JSON.stringify(b)));
        else expect(same).toBe(false);
      }),
    );
  });
});

describe("sha256", () => {
  it("is of a text itself, and of a value's canonical JSON", () => {
    expect(sha256("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(sha256({ b: 1, a: 2 })).toBe(sha256('{"a":2,"b":1}'));
  });
});

describe("compareText", () => {
  it("orders by code units, not by a language's rules", () => {
    expect(["ö", "z", "a", "Z", "", "a1", "a10", "a2"].sort(compareText)).toEqual([
      "",
      "Z",
      "a",
      "a1",
      "a10",
      "a2",
      "z",
      "ö",
    ]);
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        (a, b) => Math.sign(compareText(a, b)) === -Math.sign(compareText(b, a)) || a === b,
      ),
    );
  });
});
