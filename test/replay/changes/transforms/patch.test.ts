import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../src/model/objects.js";
import { type Operation, patched } from "../../../../src/replay/changes/transforms/patch.js";
import { object } from "../../objects.js";

const of = (data: JsonObject) => object("v1 ConfigMap shop/c", data);
const apply = (data: JsonObject, ...operations: Operation[]) => {
  const { apiVersion: _a, kind: _k, metadata: _m, ...rest } = patched(of(data), operations);
  return rest;
};

describe("a JSON Patch", () => {
  it.each<[string, JsonObject, Operation, JsonObject]>([
    ["adds a member", { foo: "bar" }, { op: "add", path: "/baz", value: "qux" }, { foo: "bar", baz: "qux" }],
    ["adds an entry", { foo: ["bar", "baz"] }, { op: "add", path: "/foo/1", value: "q" }, { foo: ["bar", "q", "baz"] }],
    ["adds after the last", { foo: ["bar"] }, { op: "add", path: "/foo/-", value: ["q"] }, { foo: ["bar", ["q"]] }],
    ["adds over what is there", { foo: 1 }, { op: "add", path: "/foo", value: null }, { foo: null }],
    ["adds a nested member", { foo: {} }, { op: "add", path: "/foo/a~1b~0c", value: 1 }, { foo: { "a/b~c": 1 } }],
    ["removes a member", { baz: 1, foo: 2 }, { op: "remove", path: "/baz" }, { foo: 2 }],
    ["removes an entry", { foo: ["a", "b", "c"] }, { op: "remove", path: "/foo/1" }, { foo: ["a", "c"] }],
    ["replaces a value", { baz: 1, foo: 2 }, { op: "replace", path: "/baz", value: 3 }, { baz: 3, foo: 2 }],
    ["replaces an entry", { foo: [1, 2] }, { op: "replace", path: "/foo/0", value: [] }, { foo: [[], 2] }],
    [
      "moves a value",
      { foo: { bar: 1, waldo: 2 }, qux: { corge: 3 } },
      { op: "move", from: "/foo/waldo", path: "/qux/thud" },
      { foo: { bar: 1 }, qux: { corge: 3, thud: 2 } },
    ],
    ["moves an entry", { foo: [1, 2, 3, 4] }, { op: "move", from: "/foo/1", path: "/foo/3" }, { foo: [1, 3, 4, 2] }],
    ["copies a value", { a: { b: 1 } }, { op: "copy", from: "/a", path: "/a/c" }, { a: { b: 1, c: { b: 1 } } }],
    [
      "tests whatever the order of fields",
      { a: { b: 1, c: [2] } },
      { op: "test", path: "/a", value: { c: [2], b: 1 } },
      { a: { b: 1, c: [2] } },
    ],
    ["tests an empty key", { "": 1 }, { op: "test", path: "/", value: 1 }, { "": 1 }],
  ])("%s", (_, before, operation, after) => {
    expect(apply(before, operation)).toEqual(after);
  });

  it.each<[string, JsonObject, Operation, string]>([
    [
      "a parent that isn't there",
      { foo: 1 },
      { op: "add", path: "/baz/bat", value: 1 },
      "/baz/bat: there is no mapping or list at /baz",
    ],
    ["a value that isn't there", {}, { op: "remove", path: "/baz" }, "/baz: there is nothing"],
    ["a replacement of nothing", {}, { op: "replace", path: "/baz", value: 1 }, "/baz: there is nothing"],
    ["an entry too far", { foo: [1] }, { op: "add", path: "/foo/2", value: 1 }, "/foo/2: the list has 1 entries"],
    ["an index with a zero before it", { foo: [1, 2] }, { op: "remove", path: "/foo/01" }, "/foo/01: there is nothing"],
    [
      "an index that is a word",
      { foo: [1] },
      { op: "add", path: "/foo/bar", value: 1 },
      "/foo/bar: the list has 1 entries",
    ],
    [
      "the end of a list where something must be",
      { foo: [1] },
      { op: "remove", path: "/foo/-" },
      "/foo/-: there is nothing",
    ],
    ["a test of another type", { a: 10 }, { op: "test", path: "/a", value: "10" }, "/a: has another value"],
    ["a test of nothing", {}, { op: "test", path: "/a", value: null }, "/a: there is nothing"],
    [
      "a move into itself",
      { a: { b: 1 } },
      { op: "move", from: "/a", path: "/a/b" },
      "/a/b: lies in what is to be moved there",
    ],
    [
      "what every object inherits",
      {},
      { op: "copy", from: "/constructor", path: "/a" },
      "/constructor: there is nothing",
    ],
  ])("refuses %s, and names the pointer", (_, before, operation, message) => {
    expect(() => apply(before, operation)).toThrow(`patch[0] ${operation.op} ${message}`);
  });

  it("never repeats a value in its words", () => {
    const secret = { data: { password: "aHVudGVyMg==" } };
    expect(() => apply(secret, { op: "test", path: "/data/password", value: "c3Bpcml0cw==" })).toThrow(
      /^patch\[0\] test \/data\/password: has another value$/,
    );
  });

  it("leaves its argument as it was, whatever it does", () => {
    const before = of({ a: { b: [1, 2] } });
    const kept = structuredClone(before);
    const after = patched(before, [
      { op: "add", path: "/a/b/-", value: 3 },
      { op: "move", from: "/a/b", path: "/c" },
    ]);
    expect(before).toEqual(kept);
    expect(after.c).toEqual([1, 2, 3]);
  });

  it("adds what a remove takes off again, wherever it is", () => {
    const values = fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.array(fc.integer(), { minLength: 1 })), {
      minKeys: 1,
    });
    fc.assert(
      fc.property(values, fc.nat(), (data, pick) => {
        const keys = Object.keys(data).filter((key) => key !== "__proto__");
        const key = keys[pick % keys.length];
        if (key === undefined) return;
        const path = `/data/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
        const without = patched(of({ data }), [{ op: "remove", path }]);
        expect(Object.keys(without.data as object)).not.toContain(key);
        expect(patched(without, [{ op: "add", path, value: data[key] }])).toEqual(of({ data }));
      }),
    );
  });
});
