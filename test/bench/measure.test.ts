import { describe, expect, it } from "vitest";
import { type Contender, measure, median, rowsOf, timed } from "../../bench/measure.js";

const ceiling = { name: "least", role: "ceiling" } as const;
const ours = { name: "we", role: "ours" } as const;

describe("median", () => {
  it.each([
    { values: [7], expected: 7 },
    { values: [10, 9], expected: 9.5 },
    { values: [100, 9, 10], expected: 10 },
    { values: [4, 1, 3, 2], expected: 2.5 },
  ])("of $values is $expected", ({ values, expected }) => {
    expect(median(values)).toBe(expected);
  });

  it("of nothing is an error", () => {
    expect(() => median([])).toThrow("nothing");
  });
});

describe("rowsOf", () => {
  it("compares within each round: a slow machine in one of them changes no ratio", () => {
    const rows = rowsOf([
      { ...ceiling, samples: [10, 100, 12] },
      { ...ours, samples: [20, 200, 36] },
    ]);
    expect(rows).toMatchObject([
      { name: "least", median: 12, ratio: 1, ratios: { lowest: 1, highest: 1 } },
      { name: "we", median: 36, ratio: 2, ratios: { lowest: 2, highest: 3 }, samples: [20, 200, 36] },
    ]);
  });

  it.each([
    { why: "no ceiling", measured: [{ ...ours, samples: [1] }], message: "one ceiling" },
    {
      why: "two ceilings",
      measured: [
        { ...ceiling, samples: [1] },
        { ...ceiling, samples: [1] },
      ],
      message: "one ceiling",
    },
    {
      why: "a round that is missing",
      measured: [
        { ...ceiling, samples: [1, 2] },
        { ...ours, samples: [1] },
      ],
      message: "1 rounds",
    },
    { why: "no rounds", measured: [{ ...ceiling, samples: [] }], message: "0 rounds" },
  ])("refuses $why", ({ measured, message }) => {
    expect(() => rowsOf(measured)).toThrow(message);
  });
});

describe("measure", () => {
  const recorded = () => {
    const order: string[] = [];
    const contender = (name: string, role: Contender["role"], value: number): Contender => ({
      name,
      role,
      async run() {
        order.push(name);
        return value;
      },
    });
    return { order, contenders: [contender("a", "ceiling", 2), contender("b", "ours", 3), contender("c", "peer", 8)] };
  };

  it("interleaves the contenders, and lets another one begin each round", async () => {
    const { order, contenders } = recorded();
    const rows = await measure(contenders, { rounds: 3, warmUp: false });
    expect(order.join("")).toBe("bcacababc");
    expect(rows.map(({ name, ratio, samples }) => [name, ratio, samples.length])).toEqual([
      ["a", 1, 3],
      ["b", 1.5, 3],
      ["c", 4, 3],
    ]);
  });

  it("doesn't count the warm-up", async () => {
    const { order, contenders } = recorded();
    const seen: unknown[] = [];
    const onSample = (name: string, round: number, value: number) => seen.push([name, round, value]);
    const rows = await measure(contenders, { rounds: 1, warmUp: true, onSample });
    expect(order.join("")).toBe("abcbca");
    expect(rows.every(({ samples }) => samples.length === 1)).toBe(true);
    expect(seen).toEqual([
      ["b", 1, 3],
      ["c", 1, 8],
      ["a", 1, 2],
    ]);
  });

  it("ends with a contender that fails: work that wasn't done has no time", async () => {
    const { contenders } = recorded();
    const failing: Contender = { name: "d", role: "peer", run: () => timed(() => Promise.reject(new Error("no"))) };
    await expect(measure([...contenders, failing], { rounds: 1, warmUp: false })).rejects.toThrow("no");
  });
});
