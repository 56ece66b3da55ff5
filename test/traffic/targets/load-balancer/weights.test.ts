import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sharedWeights } from "../../../../src/traffic/targets/load-balancer/weights.js";

const weight = fc.integer({ min: 0, max: 999 });
const blueWeights = fc.array(weight, { minLength: 1, maxLength: 4 }).filter((weights) => weights.some((w) => w > 0));
const share = fc.integer({ min: 1, max: 100 });
const sum = (weights: readonly number[]) => weights.reduce((all, each) => all + each, 0);

describe("sharedWeights", () => {
  it.each([
    [[1], 1, { blue: [99], green: 1 }],
    [[1], 25, { blue: [75], green: 25 }],
    [[999, 0], 50, { blue: [50, 0], green: 50 }],
    [[1, 1], 50, { blue: [1, 1], green: 2 }],
    [[3, 1], 100, { blue: [0, 0], green: 100 }],
  ])("%j at %i %%", (before, percent, expected) => {
    expect(sharedWeights(before, percent)).toEqual(expected);
  });

  it("are weights that AWS takes, and never all zero", () => {
    fc.assert(
      fc.property(blueWeights, share, (before, percent) => {
        const { blue, green } = sharedWeights(before, percent);
        expect(blue).toHaveLength(before.length);
        for (const each of [...blue, green]) expect(Number.isInteger(each) && each >= 0 && each <= 999).toBe(true);
        expect(sum(blue) + green).toBeGreaterThan(0);
      }),
    );
  });

  it("give green its share, within half a percent of the traffic", () => {
    fc.assert(
      fc.property(blueWeights, share, (before, percent) => {
        const { blue, green } = sharedWeights(before, percent);
        const error = Math.abs(green / (green + sum(blue)) - percent / 100);
        expect(error).toBeLessThanOrEqual(0.005);
        if (before.filter((each) => each > 0).length === 1) expect(error).toBeLessThan(1e-12);
      }),
    );
  });

  it("give a share to just those of blue's groups that had one", () => {
    fc.assert(
      fc.property(blueWeights, share, (before, percent) => {
        const { blue } = sharedWeights(before, percent);
        expect(blue.map((each) => each > 0)).toEqual(before.map((each) => each > 0 && percent < 100));
      }),
    );
  });

  it("keep blue's groups in their order", () => {
    fc.assert(
      fc.property(blueWeights, fc.integer({ min: 1, max: 99 }), (before, percent) => {
        const { blue } = sharedWeights(before, percent);
        for (const [i, a] of before.entries()) {
          for (const [j, b] of before.entries()) if (a > b) expect(blue[i]).toBeGreaterThanOrEqual(blue[j] ?? 0);
        }
      }),
    );
  });
});
