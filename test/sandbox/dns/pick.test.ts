import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pick } from "../../../src/sandbox/dns/pick.js";

const set = (SetIdentifier: string, Weight?: number) => ({
  Name: "app.acme.example.",
  Type: "A" as const,
  SetIdentifier,
  ...(Weight === undefined ? {} : { Weight }),
});

/** How often each set is picked when random goes evenly through [0, 1). */
function shares(sets: ReturnType<typeof set>[], draws: number): Record<string, number> {
  const counts: Record<string, number> = Object.fromEntries(sets.map(({ SetIdentifier }) => [SetIdentifier, 0]));
  for (let draw = 0; draw < draws; draw += 1) {
    const id = pick(sets, () => draw / draws)?.SetIdentifier ?? "none";
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return counts;
}

describe("pick", () => {
  it.each([
    ["all to one", [set("blue", 100), set("green", 0)], { blue: 1000, green: 0 }],
    ["a tenth", [set("blue", 90), set("green", 10)], { blue: 900, green: 100 }],
    ["the full range of weights", [set("blue", 255), set("green", 255)], { blue: 500, green: 500 }],
    ["zero first", [set("blue", 0), set("green", 1)], { blue: 0, green: 1000 }],
    ["all zero are alike", [set("blue", 0), set("green", 0)], { blue: 500, green: 500 }],
    ["without weights alike", [set("a"), set("b")], { a: 500, b: 500 }],
  ])("%s", (_, sets, expected) => {
    expect(shares(sets, 1000)).toEqual(expected);
  });

  it("gives nothing of nothing", () => {
    expect(pick([], () => 0.5)).toBeUndefined();
  });

  it("always picks one, and never one of weight 0 beside one that has weight", () => {
    const weights = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (all, random) => {
        const picked = pick(
          all.map((weight, index) => set(String(index), weight)),
          () => random,
        );
        expect(picked).toBeDefined();
        if (all.some((weight) => weight > 0)) expect(picked?.Weight).toBeGreaterThan(0);
      }),
    );
  });
});
