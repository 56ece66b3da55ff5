import { describe, expect, it, vi } from "vitest";
import { mistakes } from "./stack-inputs/mistakes.js";
import { inMocks, resourcesOfRightOnes } from "./stack-inputs.js";

// Loading Pulumi and AWS takes seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

/** The proof's short form: under Pulumi's mocks, without its engine. */
describe("wrong configurations of stacks", () => {
  it("are refused, each by its key, before anything is made", async () => {
    expect(mistakes.length).toBeGreaterThanOrEqual(30);
    expect(new Set(mistakes.map(({ what }) => what)).size).toBe(mistakes.length);
    expect((await inMocks(mistakes)).wrong).toEqual([]);
  });

  it("stand beside right ones, of which everything that is made is counted", async () => {
    for (const count of await resourcesOfRightOnes()) expect(count).toBeGreaterThan(10);
  });
});
