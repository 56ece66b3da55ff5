import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allPages, chunksOf } from "../../src/aws/pages.js";

describe("pages", () => {
  it("are read one after another to the last, whatever the end is called", async () => {
    for (const end of [undefined, ""]) {
      const pages: Record<string, { items: number[] | undefined; next: string | undefined }> = {
        first: { items: [1, 2], next: "second" },
        second: { items: undefined, next: "third" },
        third: { items: [3], next: end },
      };
      const asked: (string | undefined)[] = [];
      const found = await allPages(
        async (next) => {
          asked.push(next);
          return pages[next ?? "first"] ?? { items: [], next: undefined };
        },
        (page) => page,
      );
      expect([found, asked]).toEqual([
        [1, 2, 3],
        [undefined, "second", "third"],
      ]);
    }
  });

  it("are asked for in parts that hold all values, none larger than it may be", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 9 }), (all, size) => {
        const chunks = chunksOf(all, size);
        expect(chunks.flat()).toEqual(all);
        expect(chunks.every((chunk) => chunk.length > 0 && chunk.length <= size)).toBe(true);
      }),
    );
  });
});
