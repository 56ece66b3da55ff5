import { playDemo } from "../../scripts/demo/play.js";
import { totals } from "../../scripts/demo/summary.js";
import type { Proof } from "../../scripts/proofs.js";

/** A whole migration between two real control planes under load: no request lost, every object accounted for, blue only read. */
export const proof: Proof = {
  name: "demo",
  summary: "A whole migration under load: 0 failed requests, every object accounted for, rollback exact, nothing left.",
  async run() {
    const { summary, problems } = await playDemo(process.env, new AbortController().signal);
    const { failures: _failures, requests, ...figures } = summary;
    return { holds: problems.length === 0, figures: { ...figures, requests: totals(requests), problems } };
  },
};
