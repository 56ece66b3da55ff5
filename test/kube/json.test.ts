import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "../../src/kube/json.js";

describe("JSON", () => {
  it.each([
    '{"a":9007199254740993}',
    '{"a":-9007199254740993,"b":[9223372036854775807, -9223372036854775808 ]}',
    '{"a":"9007199254740993","b":9007199254740993}',
    '{"1234567890123456":[1]}',
    '{"a":"x: 9007199254740993,"}',
    '{"a":0.1,"b":-0.5,"c":1e-7,"d":null,"e":"","f":{},"g":[]}',
  ])("keeps %s as it is", (text) => {
    expect(stringify(parse(text))).toBe(text.replace(/([,[]) | (?=\])/g, "$1"));
  });

  it("reads what is no integer of 64 bits as a double, as Go does", () => {
    const texts = ["9223372036854775808", "1234567890123456789.5", "12345678901234567890123"];
    expect(parse(`[${texts.join(",")}]`)).toEqual(texts.map(Number));
  });

  it("keeps any integer of 64 bits, wherever it stands", () => {
    const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc
          .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
          .map((n) => (Number.isSafeInteger(Number(n)) ? Number(n) : n)),
        fc.string(),
        fc.constant(null),
        fc.array(tie("any"), { maxLength: 4 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie("any"), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).any;
    fc.assert(
      fc.property(fc.record({ a: value }), (it) => {
        expect(parse(stringify(it))).toEqual(it);
      }),
    );
  });

  it("refuses what is no JSON, with and without long numbers", () => {
    expect(() => parse('{"a":1,}')).toThrow();
    expect(() => parse('{"a":9007199254740993,}')).toThrow();
  });
});
