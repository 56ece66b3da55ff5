import { describe, expect, it } from "vitest";
import { parseQuantity, sameQuantity } from "../../src/replay/quantity.js";

describe("quantities", () => {
  it.each([
    ["1000m", "1"],
    ["1Gi", "1024Mi"],
    ["0.5", "500m"],
    [1, "1"],
    ["1e3", "1k"],
    ["100u", "0.1m"],
    ["-1", "-1000m"],
  ])("%s is %s", (a, b) => {
    expect(sameQuantity(a, b)).toBe(true);
  });

  it.each([
    ["1G", "1Gi"],
    ["1", "2"],
    ["", ""],
    ["ten", "ten"],
    [null, null],
    ["1 Gi", "1Gi"],
  ])("%s is not %s", (a, b) => {
    expect(sameQuantity(a, b)).toBe(false);
  });

  it("reads no text as an amount that isn't one", () => {
    for (const text of ["", "m", "1x", "1mm", "Ki", "1eK"]) expect(parseQuantity(text)).toBeUndefined();
  });
});
