import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markdownBlock, markdownCell, markdownCode, markdownLine, oneLine } from "../../src/model/plain-text.js";

const any = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("`", "|", "\\", "\n", "\r", "<", "b", " ", "\u2028", "\u202e") }),
);

describe("oneLine", () => {
  it.each([
    ["plain words, ümlauts and 日本 🚀", "plain words, ümlauts and 日本 🚀"],
    ["a\r\n\nb", "a b"],
    ["\u001b[2Jgone\u0007\u0000", "\ufffd[2Jgone\ufffd\ufffd"],
    ["abc\u202etxt.exe", "abc\ufffdtxt.exe"],
  ])("%j -> %j", (text, line) => {
    expect(oneLine(text)).toBe(line);
  });

  it("leaves neither line breaks nor control characters, and is done after once", () => {
    fc.assert(
      fc.property(any, (text) => {
        expect(oneLine(text)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(oneLine(oneLine(text))).toBe(oneLine(text));
      }),
    );
  });
});

describe("Markdown", () => {
  it("lines hold no tags, but our own code and comparisons stay", () => {
    expect(markdownLine("<b>x</b> <!-- y --> a < b, `kubectl get`")).toBe(
      "&lt;b>x&lt;/b> &lt;!-- y --> a < b, `kubectl get`",
    );
  });

  it("cells hold no bar that ends them", () => {
    expect(markdownCell("a|b\\|c")).toBe("a\\|b\\\\\\|c");
    fc.assert(
      fc.property(
        any,
        (text) =>
          !markdownCell(text)
            .replace(/\\[\\|]/g, "")
            .includes("|"),
      ),
    );
  });

  it.each([
    ["Pod a/b", "`Pod a/b`"],
    ["a`b", "``a`b``"],
    ["`a", "`` `a ``"],
    ["``", "``` `` ```"],
  ])("code shows %j as %s", (text, code) => {
    expect(markdownCode(text)).toBe(code);
  });

  it("code has a fence that nothing within closes", () => {
    fc.assert(
      fc.property(any, (text) => {
        const fence = /^`+/.exec(markdownCode(text))?.[0] ?? "";
        const inner = markdownCode(text).slice(fence.length, -fence.length);
        expect(inner.match(/`+/g) ?? []).not.toContain(fence);
        const [first = "", ...rest] = markdownBlock(text).split("\n");
        expect(first).toMatch(/^`{3,}$/);
        expect(rest.slice(0, -1).some((line) => line.trim().startsWith(first))).toBe(false);
      }),
    );
  });
});
