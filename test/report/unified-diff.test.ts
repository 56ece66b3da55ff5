import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unifiedDiff } from "../../src/report/unified-diff.js";

/** What `patch` does with a unified diff: the hunks' numbers must be right, not only their lines. */
function patch(before: string, diff: string): string {
  const lines = before === "" ? [] : before.replace(/\n$/, "").split("\n");
  const made: string[] = [];
  let at = 0;
  for (const hunk of diff === "" ? [] : diff.split(/\n(?=@@ )/)) {
    const [head = "", ...body] = hunk.split("\n");
    const [, start = "", count = "", to = "", added = ""] = /^@@ -(\d+),(\d+) \+(\d+),(\d+) @@$/.exec(head) ?? [];
    const from = count === "0" ? Number(start) : Number(start) - 1;
    made.push(...lines.slice(at, from));
    expect(made.length).toBe(added === "0" ? Number(to) : Number(to) - 1);
    const old = body.filter((line) => !line.startsWith("+")).map((line) => line.slice(1));
    expect(old).toEqual(lines.slice(from, from + Number(count)));
    const fresh = body.filter((line) => !line.startsWith("-")).map((line) => line.slice(1));
    expect(fresh).toHaveLength(Number(added));
    made.push(...fresh);
    at = from + Number(count);
  }
  return [...made, ...lines.slice(at)].map((line) => `${line}\n`).join("");
}

const texts = fc
  .array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 30 })
  .map((lines) => lines.map((line) => `${line}\n`).join(""));

describe("a unified diff", () => {
  it("makes the one text of the other, whatever they are", () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        expect(patch(before, unifiedDiff(before, after))).toBe(after);
      }),
      { numRuns: 500 },
    );
  });

  it("changes no more lines than it must", () => {
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    const after = lines.map((line, index) => (index === 20 ? "other" : line));
    expect(unifiedDiff(lines.join("\n"), after.join("\n"))).toBe(
      [
        "@@ -18,7 +18,7 @@",
        " line 17",
        " line 18",
        " line 19",
        "-line 20",
        "+other",
        " line 21",
        " line 22",
        " line 23",
      ].join("\n"),
    );
  });

  it("keeps what is far apart in hunks of their own", () => {
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    const after = lines.filter((_, index) => index !== 2 && index !== 30);
    expect(unifiedDiff(lines.join("\n"), after.join("\n")).match(/^@@ .*/gm)).toEqual([
      "@@ -1,6 +1,5 @@",
      "@@ -28,7 +27,6 @@",
    ]);
  });

  it("is empty where nothing differs", () => {
    expect(unifiedDiff("a\nb\n", "a\nb\n")).toBe("");
  });

  it("says of texts without anything in common that one takes the other's place, and soon", () => {
    const [before, after] = ["x", "y"].map((letter) =>
      Array.from({ length: 5000 }, (_, i) => `${letter}${i}`).join("\n"),
    );
    const lines = unifiedDiff(before ?? "", after ?? "").split("\n");
    expect(lines[0]).toBe("@@ -1,5000 +1,5000 @@");
    expect(lines).toHaveLength(10_001);
  });
});
