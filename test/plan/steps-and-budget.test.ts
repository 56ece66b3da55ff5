import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { phases } from "../../src/model/run.js";
import { budgetsOf, rollbackSeconds, type Scale } from "../../src/plan/budget.js";
import { type StepInputs, stepsOf } from "../../src/plan/steps.js";

const inputs: StepInputs = {
  blue: "blue",
  green: "green",
  greenVersion: "1.35",
  objects: 400,
  checks: 3,
  records: 2,
  addresses: 3,
  shares: [10, 100],
  held: { cutover: 2, teardown: 1 },
  exclusive: { first: 0, later: 0 },
  volumes: { copy: 0, handOver: 0, shared: 0 },
  before: { drain: false, snapshots: false },
  soak: "24h",
};
const scale: Scale = {
  objects: 400,
  steps: 2,
  hold: 60_000,
  ttl: 300,
  records: 2,
  addresses: 3,
  loadBalancers: 0,
  longestCheck: 0,
  inconclusiveFor: 0,
  smokeTimeout: 10_000,
  checks: 3,
  volumes: 0,
  volumeSeconds: 0,
  readyTimeout: 1_800_000,
  soak: 86_400_000,
};
const secondsOf = (parts: Partial<Scale>, phase: string): number | undefined =>
  budgetsOf({ ...scale, ...parts }).find((budget) => budget.phase === phase)?.seconds;

describe("stepsOf", () => {
  it.each<[string, Partial<StepInputs>, string[]]>([
    ["records and addresses", {}, ["Give green 10 %", "Give green 100 %", "Associate 3"]],
    ["records alone", { addresses: 0 }, ["Give green 10 %", "Give green 100 %"]],
    ["addresses alone", { records: 0 }, ["Associate 3"]],
    ["nothing", { records: 0, addresses: 0 }, []],
  ])("moves %s, in this order", (_, parts, starts) => {
    const moves = stepsOf({ ...inputs, ...parts }).filter(({ touches }) => touches === "traffic");
    expect(moves.map(({ what }, n) => what.startsWith(starts[n] ?? "?"))).toEqual(starts.map(() => true));
  });

  it("follows the order of the phases, touches blue only at its very end, and says how each is undone", () => {
    const steps = stepsOf(inputs);
    const order = steps.map(({ phase }) => phases.indexOf(phase));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(steps.filter(({ touches }) => touches === "blue").map(({ phase }) => phase)).toEqual(["teardown"]);
    expect(steps.at(-1)?.phase).toBe("teardown");
    for (const { what, undo } of steps) expect([what, undo]).not.toContain("");
  });
});

it("says what is asked for right before blue is removed, and nothing of it where it isn't", () => {
  const last = (before: StepInputs["before"]) =>
    stepsOf({ ...inputs, before, held: { cutover: 0, teardown: 0 } })
      .filter(({ phase }) => phase === "teardown")
      .map(({ what, touches }) => `${touches}: ${what.split(" ")[0]}`);
  expect(last({ drain: false, snapshots: false })).toEqual(["blue: Remove"]);
  expect(last({ drain: true, snapshots: true })).toEqual(["blue: Delete", "nothing: Take", "blue: Remove"]);
});

describe("what is held", () => {
  const releases = (parts: Partial<StepInputs>) =>
    stepsOf({ ...inputs, ...parts })
      .filter(({ what }) => what.startsWith("Release"))
      .map(({ phase, what, touches }) => [phase, /\d+/.exec(what)?.[0], touches]);

  it("is released after all traffic has moved, and when blue is gone", () => {
    expect(releases({})).toEqual([
      ["cutover", "2", "green"],
      ["teardown", "1", "green"],
    ]);
    const order = stepsOf(inputs).map(({ phase, touches }) => `${phase} ${touches}`);
    expect(order.lastIndexOf("cutover traffic")).toBeLessThan(order.indexOf("cutover green"));
    expect(order.indexOf("teardown blue")).toBeLessThan(order.indexOf("teardown green"));
  });

  it("is no step where nothing is held", () => {
    expect(releases({ held: { cutover: 0, teardown: 0 } })).toEqual([]);
  });
});

describe("budgetsOf", () => {
  it.each<[string, Partial<Scale>, string, number]>([
    [
      "the longer of hold and TTL, INSYNC and the checks, for each step and address",
      {},
      "cutover",
      2 * (300 + 60 + 30) + 3 * (2 + 60 + 30),
    ],
    ["the hold where it is longer than the TTL", { hold: 600_000, addresses: 0 }, "cutover", 2 * (600 + 60 + 30)],
    ["no steps without records", { records: 0, ttl: 0 }, "cutover", 3 * (2 + 60 + 30)],
    [
      "a check that takes longer than smoke",
      { longestCheck: 50_000 },
      "cutover",
      2 * (300 + 60 + 50) + 3 * (2 + 60 + 50),
    ],
    ["a check beside the others", { longestCheck: 30_000 }, "cutover", 2 * (300 + 60 + 30) + 3 * (2 + 60 + 30)],
    ["checks that stay inconclusive", { addresses: 0, inconclusiveFor: 600_000 }, "cutover", 2 * (300 + 60 + 30 + 600)],
    [
      "load balancers, which need no INSYNC",
      { records: 0, ttl: 0, addresses: 0, loadBalancers: 1 },
      "cutover",
      2 * (60 + 30),
    ],
    ["nothing at all", { records: 0, addresses: 0 }, "cutover", 0],
    ["one check at least", { checks: 0 }, "smoke", 10],
    ["a handful of objects", { objects: 3 }, "migrate", 10],
    ["many objects", { objects: 100_000 }, "migrate", 2000],
    ["the time for green to become ready", {}, "up", 1800],
    ["the soak time", {}, "soak", 86_400],
  ])("allows for %s", (_, parts, phase, seconds) => {
    expect(secondsOf(parts, phase)).toBe(seconds);
  });

  const natural = fc.nat({ max: 10_000 });
  const scales = fc.record({
    objects: natural,
    steps: natural,
    hold: natural,
    ttl: natural,
    records: natural,
    addresses: natural,
    loadBalancers: natural,
    longestCheck: natural,
    inconclusiveFor: natural,
    smokeTimeout: natural,
    checks: natural,
    volumes: natural,
    volumeSeconds: natural,
    readyTimeout: natural,
    soak: natural,
  });

  it("are whole seconds, one for each phase, and never shrink when there is more to do", () => {
    fc.assert(
      fc.property(scales, fc.constantFrom(...(Object.keys(scale) as (keyof Scale)[])), natural, (some, part, more) => {
        const [less, bigger] = [budgetsOf(some), budgetsOf({ ...some, [part]: some[part] + more })];
        expect(new Set(less.map(({ phase }) => phase)).size).toBe(less.length);
        for (const [n, { phase, seconds, basis }] of less.entries()) {
          expect(Number.isInteger(seconds)).toBe(true);
          expect(bigger[n]?.seconds, `${phase} with more ${part}`).toBeGreaterThanOrEqual(seconds);
          expect(basis).not.toBe("");
        }
      }),
    );
  });

  it("gives the way back its own, shorter time", () => {
    expect(rollbackSeconds(scale)).toBe(60 + 300 + 3);
    expect(rollbackSeconds({ ...scale, records: 0, addresses: 0 })).toBe(0);
    expect(rollbackSeconds({ ...scale, records: 0, addresses: 0, loadBalancers: 2 })).toBe(2);
    expect(rollbackSeconds(scale)).toBeLessThan(secondsOf({}, "cutover") ?? 0);
  });
});
