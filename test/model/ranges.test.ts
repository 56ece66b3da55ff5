import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rangesOverlap, uncovered } from "../../src/model/ranges.js";

/** Ranges within 10.0.0.0/24, so that each address of them can be counted. */
const range = fc
  .record({ last: fc.integer({ min: 0, max: 255 }), prefix: fc.integer({ min: 24, max: 32 }) })
  .map(({ last, prefix }) => `10.0.0.${last}/${prefix}`);

function addressesOf(text: string): Set<number> {
  const [, last = "", prefix = ""] = /\.(\d+)\/(\d+)$/.exec(text) ?? [];
  const size = 2 ** (32 - Number(prefix));
  const first = Math.floor(Number(last) / size) * size;
  return new Set(Array.from({ length: size }, (_, index) => first + index));
}

describe("ranges", () => {
  it.each([
    ["10.0.0.0/16", "10.0.128.0/20", true],
    ["10.0.128.0/20", "10.0.0.0/16", true],
    ["10.0.0.0/17", "10.0.128.0/17", false],
    ["0.0.0.0/0", "198.51.100.1/32", true],
    ["198.51.100.1", "198.51.100.0/24", true],
    ["172.20.0.0/16", "172.21.0.0/16", false],
    ["::/0", "10.0.0.0/8", false],
    ["10.0.0.0/33", "10.0.0.0/8", false],
  ])("%s and %s overlap: %s", (one, other, is) => {
    expect(rangesOverlap(one, other)).toBe(is);
  });

  it("overlap where they have an address in common", () => {
    fc.assert(
      fc.property(range, range, (one, other) => {
        const others = addressesOf(other);
        expect(rangesOverlap(one, other)).toBe([...addressesOf(one)].some((address) => others.has(address)));
      }),
    );
  });

  it("cover another where each of its addresses is in one of them, however they share it out", () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 4 }), fc.array(range, { maxLength: 8 }), (wanted, ranges) => {
        const open = new Set(ranges.flatMap((each) => [...addressesOf(each)]));
        const lacking = wanted.filter((each) => [...addressesOf(each)].some((address) => !open.has(address)));
        expect(uncovered(wanted, ranges)).toEqual(lacking);
      }),
      { numRuns: 1_000 },
    );
  });

  it("cover nothing that they can't be compared with", () => {
    expect(uncovered(["2001:db8::/64", "10.0.0.0/24"], ["0.0.0.0/0", "::/0"])).toEqual(["2001:db8::/64"]);
  });
});
