import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Plan, planHash } from "../../src/model/plan.js";
import { makePlan } from "../../src/plan/make-plan.js";
import { samplePlan } from "../model/samples.js";

/** The same value, with the keys of every mapping in another order. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, shuffled(inner)]),
  );
}

/** Every path to a value that is no mapping or list. */
function leaves(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (value === null || typeof value !== "object") return [path];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

function changed(value: unknown, [step, ...rest]: (string | number)[], to: unknown): unknown {
  if (step === undefined) return to;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[step] = changed(copy[step], rest, to);
  return copy;
}

const plan = samplePlan({ findings: [{ id: "no-window", severity: "warning", why: "w", whatToDo: "d" }] });

describe("a plan's hash", () => {
  it("is the same whatever order its keys were written in, and whenever it was made", () => {
    expect(planHash(shuffled(plan) as Plan)).toBe(plan.hash);
    expect(planHash(JSON.parse(JSON.stringify(plan)) as Plan)).toBe(plan.hash);
    fc.assert(fc.property(fc.string(), (createdAt) => planHash({ ...plan, createdAt }) === plan.hash));
  });

  it("changes with every single value in it but those two", () => {
    const others = leaves(plan).filter(([first]) => first !== "hash" && first !== "createdAt");
    expect(others.length).toBeGreaterThan(30);
    fc.assert(
      fc.property(fc.constantFrom(...others), fc.string({ minLength: 1 }), (path, value) => {
        const edited = changed(plan, path, `${value}!`) as Plan;
        expect(planHash(edited), path.join(".")).not.toBe(plan.hash);
      }),
      { numRuns: 300 },
    );
  });

  it("changes with what is added, taken away or put in another order", () => {
    const twice = { ...plan, steps: [...plan.steps, ...plan.steps] };
    expect(new Set([plan, twice, { ...plan, steps: [] }, { ...plan, window: null }].map(planHash)).size).toBe(4);
    const other = { ...plan.steps[0], what: "another" } as Plan["steps"][number];
    const [one] = plan.steps as [Plan["steps"][number]];
    expect(planHash({ ...plan, steps: [one, other] })).not.toBe(planHash({ ...plan, steps: [other, one] }));
  });
});

describe("makePlan", () => {
  const { hash: _, format: __, ...inputs } = plan;

  it("seals what it is given", () => {
    expect(makePlan(inputs)).toEqual(plan);
    expect(planHash(makePlan(inputs))).toBe(makePlan(inputs).hash);
  });

  it.each(["", "unknown", "1", "v1.x"])("says of a blue of version %j that nothing is known of its hops", (version) => {
    const made = makePlan({ ...inputs, blue: { ...plan.blue, version } });
    expect(made.findings[0]).toMatchObject({ id: "version-unknown", severity: "blocker" });
    expect(made.findings).toHaveLength(2);
    expect(planHash(made)).toBe(made.hash);
  });
});
