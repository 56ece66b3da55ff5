import type { AnalysisContext } from "../../src/analysis/context.js";

/** A step of a cutover in the middle of nothing. */
export function analysisContext(more: Partial<AnalysisContext> = {}): AnalysisContext {
  return {
    step: { id: "share/25", share: 25, run: "run-1", blue: "blue.acme.example", green: "acme-1-35" },
    addresses: { ingress: "127.0.0.2" },
    dir: "/",
    env: process.env,
    openCloudWatch: () => Promise.reject(new Error("not asked in these tests")),
    clock: {
      now: () => Date.now(),
      sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
    },
    ...more,
  };
}
