import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spreadOverZones } from "../../stacks/cluster/zone-spread.js";

const zones = ["a", "b", "c"];
const subnets = zones.flatMap((zone) => [1, 2].map((number) => ({ id: `${zone}${number}`, zone })));
const group = {
  name: "nodes",
  subnets: "private" as const,
  perZone: true,
  volumes: false,
  zones: undefined,
  desired: undefined,
};

describe("spreadOverZones", () => {
  it("keeps a group whole where no zone is asked for", () => {
    expect(spreadOverZones({ ...group, perZone: false, min: 2, max: 5 }, subnets)).toEqual([
      { name: "nodes", zones, subnetIds: ["a1", "a2", "b1", "b2", "c1", "c2"], min: 2, max: 5, desired: 2 },
    ]);
  });

  const sizes = fc
    .tuple(fc.nat(40), fc.nat(40), fc.nat(40))
    .map((numbers) => numbers.sort((a, b) => a - b))
    .map(([min = 0, desired = 0, max = 0]) => ({ min, desired, max: Math.max(max, 3) }));
  it("shares sizes out without losing any, evenly, and keeps min <= desired <= max in each zone", () => {
    fc.assert(
      fc.property(sizes, (wanted) => {
        const parts = spreadOverZones({ ...group, ...wanted }, subnets);
        expect(parts.map((part) => part.zones)).toEqual([["a"], ["b"], ["c"]]);
        for (const size of ["min", "desired", "max"] as const) {
          const shares = parts.map((part) => part[size]);
          expect(shares.reduce((sum, share) => sum + share)).toBe(wanted[size]);
          expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
        }
        for (const part of parts) {
          expect(part.min).toBeLessThanOrEqual(part.desired);
          expect(part.desired).toBeLessThanOrEqual(part.max);
          expect(part.max).toBeGreaterThan(0);
        }
      }),
    );
  });

  it.each([
    {
      case: "a zone that the network lacks",
      change: { zones: ["a", "d"], min: 1, max: 2 },
      in: subnets,
      says: /in d$/,
    },
    { case: "no subnet at all", change: { min: 1, max: 3 }, in: [], says: /any zone/ },
    { case: "fewer nodes than zones", change: { min: 1, max: 2 }, in: subnets, says: /max: 2 is fewer/ },
  ])("refuses $case", ({ change, in: among, says }) => {
    expect(() => spreadOverZones({ ...group, ...change }, among)).toThrow(says);
  });
});
