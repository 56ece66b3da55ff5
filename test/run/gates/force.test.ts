import { describe, expect, it } from "vitest";
import { checkGates, requireGates } from "../../../src/run/gates/index.js";
import { ago, hour, soundEvidence } from "../evidence.js";
import { limits, thrown } from "./spoil.js";

describe("--force", () => {
  const stale = { ...soundEvidence(), smoke: { ...soundEvidence().smoke, at: ago(hour) } };

  it("overrides the gate that it names, and tells which was overridden", () => {
    const forced = requireGates(checkGates("cutover", stale, limits), "smoke-stale");
    expect(forced.map(({ gate }) => gate.id)).toEqual(["smoke-stale"]);
    expect(forced[0]?.refusal?.what).toMatch(/1h 00m old/);
  });

  it("overrides no other: the next refusal holds", () => {
    const two = { ...stale, now: Date.parse("2026-11-29T04:00:00Z") };
    const error = thrown(() => requireGates(checkGates("cutover", two, limits), "smoke-stale"));
    expect(error?.code).toBe("outside-window");
  });

  it("of a gate that holds forces nothing", () => {
    expect(requireGates(checkGates("cutover", soundEvidence(), limits), "outside-window")).toEqual([]);
  });

  it.each(["smoke-stael", "soak-not-over", ""])(
    "of %j, no gate of cutover, is a mistake on the command line",
    (force) => {
      const error = thrown(() => requireGates(checkGates("cutover", soundEvidence(), limits), force));
      expect(error?.code).toBe("usage");
      expect(error?.fix).toContain("smoke-stale");
    },
  );

  it("of green-not-serving doesn't lift the soak time too", () => {
    const error = thrown(() => requireGates(checkGates("teardown", soundEvidence(), limits), "green-not-serving"));
    expect(error?.code).toBe("soak-not-over");
  });
});
