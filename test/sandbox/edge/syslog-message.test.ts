import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { messageId, unframe } from "../../../src/sandbox/edge/syslog-message.js";

describe("messageId", () => {
  it.each([
    ["<34>1 2026-11-23T22:14:15.003Z host app - ID47 - text with spaces", "ID47"],
    ["<165>1 - - - - m1", "m1"],
    ['<165>12 2026-11-23T22:14:15Z h a 1 m-2 [id@1 k="v"] text', "m-2"],
    ["<34>1 2026-11-23T22:14:15.003Z host app - - - no id", undefined],
    ["<34>Oct 11 22:14:15 host su: the older format", undefined],
    ["hello", undefined],
    ["", undefined],
  ])("%s -> %s", (message, id) => {
    expect(messageId(message)).toBe(id);
  });
});

describe("unframe", () => {
  const messages = fc.array(fc.stringMatching(/^<\d{1,3}>1 [a-zé€ ]{0,40}[a-z]$/), { maxLength: 6 });
  const counted = (text: string) => `${Buffer.byteLength(text)} ${text}`;

  it("takes both framings apart, however the stream is cut", () => {
    fc.assert(
      fc.property(messages, fc.infiniteStream(fc.boolean()), fc.integer({ min: 1, max: 50 }), (texts, counts, size) => {
        const framed = texts.map((text) => (counts.next().value ? counted(text) : `${text}\n`)).join("");
        const stream = Buffer.from(framed);
        const found: string[] = [];
        let rest: Buffer = Buffer.alloc(0);
        for (let start = 0; start < stream.length; start += size) {
          const part = unframe(Buffer.concat([rest, stream.subarray(start, start + size)]));
          found.push(...(part?.messages ?? ["invalid"]));
          rest = part?.rest ?? Buffer.alloc(0);
        }
        expect(found).toEqual(texts);
        expect(rest).toHaveLength(0);
      }),
    );
  });

  it.each([["GET / HTTP/1.1\r\n"], ["0 <34>1 x"], ["12x<34>1"], ["123456 <34>1 x"]])("refuses %j", (text) => {
    expect(unframe(Buffer.from(text))).toBeUndefined();
  });

  it("refuses a message without an end", () => {
    expect(unframe(Buffer.from(`<34>1 ${"x".repeat(65_000)}`))?.messages).toEqual([]);
    expect(unframe(Buffer.from(`<34>1 ${"x".repeat(66_000)}`))).toBeUndefined();
  });
});
