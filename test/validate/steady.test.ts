import { describe, expect, it } from "vitest";
import type { CheckResult } from "../../src/model/smoke.js";
import { untilSteady } from "../../src/validate/steady.js";

/** Looks by letter: `.` passed, `?` inconclusive, `x` failed; the last one stays. Each takes a second, and so does the pause. */
async function watch(looks: string, { steadyMs, patienceMs }: { steadyMs: number; patienceMs: number }) {
  let at = 0;
  let count = 0;
  const goodFor: number[] = [];
  const look = async (): Promise<CheckResult[]> => {
    const letter = looks[Math.min(count++, looks.length - 1)];
    at += 1000;
    const outcome = letter === "." ? "passed" : letter === "?" ? "inconclusive" : "failed";
    return [{ name: "all", kind: "cluster", outcome, detail: String(letter), ms: 1000 }];
  };
  const steady = await untilSteady(
    look,
    { steadyMs, everyMs: 1000, patienceMs },
    {
      now: () => at,
      sleep: async (ms) => {
        at += ms;
      },
      onLook: (_checks, ms) => goodFor.push(ms),
    },
  );
  return { ...steady, count, goodFor };
}

describe("untilSteady", () => {
  it.each([
    ["all is well for long enough", "....", { steadyMs: 4000, patienceMs: 0 }, { held: true, looks: 3, ms: 5000 }],
    [
      "no time is asked for: twice all the same",
      ".",
      { steadyMs: 0, patienceMs: 0 },
      { held: true, looks: 2, ms: 3000 },
    ],
    [
      "it flaps, and is patient: it begins anew",
      "..x.",
      { steadyMs: 4000, patienceMs: 60_000 },
      { held: true, looks: 3, count: 6 },
    ],
    ["it flaps, without patience", ".x", { steadyMs: 4000, patienceMs: 0 }, { held: false, looks: 0, ms: 0, count: 2 }],
    ["it never becomes well", "x", { steadyMs: 4000, patienceMs: 6000 }, { held: false, looks: 0, count: 4 }],
    ["what can't be asked holds nothing up", "?", { steadyMs: 2000, patienceMs: 0 }, { held: true, looks: 2 }],
  ])("where %s", async (_case, looks, times, expected) => {
    expect(await watch(looks, times)).toMatchObject(expected);
  });

  it("tells of each look, and for how long it has been good", async () => {
    expect((await watch(".x..", { steadyMs: 2000, patienceMs: 60_000 })).goodFor).toEqual([1000, 0, 1000, 3000]);
  });
});
