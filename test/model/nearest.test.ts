import { describe, expect, it } from "vitest";
import { nearest } from "../../src/model/nearest.js";

describe("nearest", () => {
  it.each([
    ["trafic", ["traffic", "smoke"], "traffic"],
    ["maxage", ["maxAge", "checks"], "maxAge"],
    ["tpye", ["name", "type", "green"], "type"],
    ["completely", ["traffic", "smoke"], undefined],
    ["x", ["url", "name"], undefined],
    ["anything", [], undefined],
  ])("%s among %j -> %s", (word, candidates, guess) => {
    expect(nearest(word, candidates)).toBe(guess);
  });
});
