import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Normalising, normalise } from "../../src/analysis/body.js";
import { type Answer, firstDifference } from "../../src/analysis/difference.js";

const as = (text: string | Buffer, rules: Partial<Normalising>): Answer => ({
  status: 200,
  headers: {},
  body: normalise(Buffer.from(text), { ignore: [], replace: [], ...rules }),
});
const between = (blue: string | Buffer, green: string | Buffer, rules: Partial<Normalising> = {}) =>
  firstDifference(as(blue, rules), as(green, rules), []);

describe("bodies", () => {
  it.each<[string, string | Buffer, string | Buffer, Partial<Normalising>]>([
    ["keys in another order", '{"a":1,"b":{"c":2,"d":3}}', '{"b":{"d":3,"c":2},"a":1}', {}],
    ["other spaces in JSON", '{"a":[1,2]}', '{\n  "a": [1, 2]\n}\n', {}],
    ["other spaces in text", "<p>one\n  two</p>\n", "<p>one two</p>", {}],
    ["an ignored member", '{"a":1,"time":5}', '{"a":1,"time":6}', { ignore: ["/time"] }],
    ["an ignored member that one lacks", '{"a":1,"time":5}', '{"a":1}', { ignore: ["/time"] }],
    ["an ignored member of each", '{"l":[{"id":1},{"id":2}]}', '{"l":[{"id":3},{"id":4}]}', { ignore: ["/l/*/id"] }],
    ["an ignored member with a slash", '{"a/b":{"~":1}}', '{"a/b":{"~":2}}', { ignore: ["/a~1b/~0"] }],
    ["a replaced part", '{"id":"req-1f"}', '{"id":"req-20"}', { replace: [{ pattern: "req-[0-9a-f]+", with: "" }] }],
    ["a replaced part of text", "at 12:05 ok", "at 12:06 ok", { replace: [{ pattern: "\\d\\d:\\d\\d", with: "$&" }] }],
    ["one number in two ways", "[1.0, 1e2, -0]", "[1, 100, 0]", {}],
    ["the same bytes", Buffer.from([255, 0, 1]), Buffer.from([255, 0, 1]), {}],
    ["nothing", "", "", {}],
  ])("agree: %s", (_, blue, green, rules) => {
    expect(between(blue, green, rules)).toBeUndefined();
  });

  it.each<[string, string | Buffer, string | Buffer, string]>([
    ["a value", '{"a":{"b/c":5}}', '{"a":{"b/c":6}}', "body at /a/b~1c: 5 at blue, 6 at green"],
    ["the first of several", '{"z":1,"a":1}', '{"z":2,"a":2}', "body at /a: 1 at blue, 2 at green"],
    ["a member that is missing", '{"a":1}', "{}", "body at /a: 1 at blue, missing at green"],
    ["null for a missing one", '{"a":null}', "{}", "body at /a: null at blue, missing at green"],
    ["an order of a list", "[1,2]", "[2,1]", "body at /0: 1 at blue, 2 at green"],
    ["a longer list", "[1]", "[1,[2]]", "body at /1: missing at blue, a list of 1 at green"],
    ["an object for a list", '{"a":{}}', '{"a":[]}', "body at /a: an object at blue, a list of 0 at green"],
    ["a text for a number", '{"a":1}', '{"a":"1"}', 'body at /a: 1 at blue, "1" at green'],
    [
      "long ids that differ in their last digit",
      "[12345678901234567890]",
      "[12345678901234567891]",
      'body at /0: "number 12345678901234567890" at blue, "number 12345678901234567891" at green',
    ],
    ["text", "hello blue", "hello green", 'body at character 7: "hello blue" at blue, "hello green" at green'],
    ["text for JSON", "{}", "<html>", "body is JSON at blue, text at green"],
    ["bytes", Buffer.from([255, 0]), Buffer.from([255, 1]), "body of 2 bytes at blue, others (2) at green"],
    [
      "bytes that are no text",
      Buffer.from([0xff]),
      Buffer.from([0xfe]),
      "body of 1 bytes at blue, others (1) at green",
    ],
  ])("differ: %s", (_, blue, green, words) => {
    expect(between(blue, green)).toBe(words);
  });

  it.each([
    ["a member", '{"user":{"access_token":"s3cret-1"}}', '{"user":{"access_token":"s3cret-2"}}'],
    ["a member within one", '{"session":{"id":"s3cret-1"}}', '{"session":{"id":"s3cret-2"}}'],
    ["a text", "password=s3cret-1", "password=s3cret-2"],
  ])("never show what has a secret's name: %s", (_, blue, green) => {
    expect(between(blue, green)).toMatch(/not shown/);
    expect(between(blue, green)).not.toContain("s3cret");
  });

  it("agree with themselves in any order of keys, and differ where a value does", () => {
    const keys = fc.string({ minLength: 1 }).filter((key) => key !== "__proto__");
    fc.assert(
      fc.property(fc.dictionary(keys, fc.jsonValue()), fc.integer(), (value, other) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(between(JSON.stringify(value), JSON.stringify(reversed))).toBeUndefined();
        expect(between(JSON.stringify({ ...value, more: other }), JSON.stringify({ ...value, more: other + 1 }))).toBe(
          `body at /more: ${other} at blue, ${other + 1} at green`,
        );
      }),
    );
  });
});

describe("answers", () => {
  const answer = (status: number, headers: Record<string, string>): Answer => ({ ...as("{}", {}), status, headers });

  it("differ by status before all else", () => {
    expect(firstDifference(answer(200, {}), { ...as("[]", {}), status: 503 }, [])).toBe(
      "status 200 at blue, 503 at green",
    );
  });

  it("differ by chosen headers alone", () => {
    const [blue, green] = [
      answer(200, { "content-type": "a", date: "1" }),
      answer(200, { "content-type": "b", date: "2" }),
    ];
    expect(firstDifference(blue, green, [])).toBeUndefined();
    expect(firstDifference(blue, green, ["Content-Type"])).toBe('header Content-Type "a" at blue, "b" at green');
    expect(firstDifference(blue, answer(200, {}), ["content-type"])).toBe(
      'header content-type "a" at blue, missing at green',
    );
  });

  it.each(["set-cookie", "Authorization", "www-authenticate", "x-api-key"])("never show %s", (name) => {
    const [blue, green] = ["s3cret-1", "s3cret-2"].map((value) => answer(200, { [name.toLowerCase()]: value }));
    if (!blue || !green) throw new Error("two answers");
    expect(firstDifference(blue, green, [name])).toBe(`header ${name} differs (its values are not shown)`);
  });
});
