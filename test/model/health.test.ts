import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type HealthLook, illnessOf } from "../../src/model/health.js";

const good: HealthLook = {
  at: "2026-11-28T22:00:00.000Z",
  clusterId: "id",
  nodes: { ready: 9, total: 10, notReady: ["n9"] },
  workloads: { total: 3, lacking: [] },
};
const rules = { times: 3, nodes: 90 };
const bad: [string, Partial<HealthLook>, RegExp][] = [
  ["too few nodes", { nodes: { ready: 8, total: 10, notReady: ["a", "b"] } }, /8 of 10 nodes are Ready/],
  ["no nodes", { nodes: { ready: 0, total: 0, notReady: [] } }, /no nodes/],
  ["workloads that lack something", { workloads: { total: 5, lacking: ["a", "b", "c", "d"] } }, /a; b; c; and 1 more/],
  ["another cluster", { clusterId: "other" }, /another cluster answers/],
  ["no answer", { error: "refused" }, /can't be looked at: refused/],
];

describe("a cluster", () => {
  it("is healthy after enough good looks", () => {
    expect(illnessOf([good, good, good], rules, "id")).toBeUndefined();
  });

  it.each([[[]], [undefined], [[good]], [[good, good]]])("isn't after fewer: %#", (looks) => {
    expect(illnessOf(looks, rules, "id")).toMatch(/looked at/);
  });

  it.each(bad)("isn't with %s", (_, parts, why) => {
    expect(illnessOf([{ ...good, ...parts }], { ...rules, times: 1 }, "id")).toMatch(why);
  });

  it.each(["nodes", "workloads"] as const)("isn't where a look lacks its %s", (part) => {
    const { [part]: _, ...rest } = good;
    expect(illnessOf([rest, good, good], rules, "id")).toMatch(/only in part/);
  });

  it("that flaps isn't, whenever the bad look came", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(8), fc.constantFrom(...bad), (times, at, [, parts]) => {
        fc.pre(at < times);
        const looks = Array.from({ length: times }, (_, index) => (index === at ? { ...good, ...parts } : good));
        expect(illnessOf(looks, { ...rules, times }, "id")).toBeDefined();
        expect(
          illnessOf(
            looks.map(() => good),
            { ...rules, times },
            "id",
          ),
        ).toBeUndefined();
      }),
    );
  });
});
