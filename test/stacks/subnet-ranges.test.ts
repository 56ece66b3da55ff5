import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { subnetRanges } from "../../stacks/foundation/subnet-ranges.js";

/** First and last address of a range, as numbers. */
function ends(range: string): [number, number] {
  const [address = "", prefix = ""] = range.split("/");
  const first = address.split(".").reduce((number, byte) => number * 256 + Number(byte), 0);
  return [first, first + 2 ** (32 - Number(prefix)) - 1];
}

describe("subnetRanges", () => {
  it("cuts as documented", () => {
    expect(subnetRanges("10.0.0.0/16", ["a", "b"])).toEqual([
      { zone: "a", private: "10.0.0.0/18", public: "10.0.192.0/20" },
      { zone: "b", private: "10.0.64.0/18", public: "10.0.208.0/20" },
    ]);
  });

  const networks = fc.tuple(fc.ipV4(), fc.integer({ min: 16, max: 22 }), fc.integer({ min: 1, max: 3 }));
  it("stays in the network, aligned, with no overlap", () => {
    fc.assert(
      fc.property(networks, ([address, prefix, count]) => {
        const zones = ["a", "b", "c"].slice(0, count);
        const ranges = subnetRanges(`${address}/${prefix}`, zones).flatMap((zone) => [zone.private, zone.public]);
        const size = 2 ** (32 - prefix);
        const start = Math.floor(ends(`${address}/32`)[0] / size) * size;
        const sorted = ranges.map(ends).sort(([a], [b]) => a - b);
        for (const [index, [first, last]] of sorted.entries()) {
          expect(first).toBeGreaterThanOrEqual(index === 0 ? start : (sorted[index - 1]?.[1] ?? 0) + 1);
          expect(last).toBeLessThan(start + size);
          expect(first % (last - first + 1)).toBe(0);
        }
      }),
    );
  });
});
