import { playDemo } from "../../scripts/demo/play.js";
import { totals, type WorstNightSummary } from "../../scripts/demo/summary.js";
import type { Proof } from "../../scripts/proofs.js";

/**
 * A whole migration between two real control planes under load: no request lost, every object accounted for, blue only read. Then the
 * worst night: blue is dead, and a backup and a newer export bring production up on green, with nothing lost.
 */
export const proof: Proof = {
  name: "demo",
  summary:
    "A whole migration under load with 0 failed requests, and one of a dead blue from what is left of it: nothing lost, nothing left.",
  async run() {
    const { summary, problems } = await playDemo(process.env, new AbortController().signal);
    const { migration, worstNight, seconds } = summary;
    const { failures: _failures, ...figures } = migration;
    const summedUp = <Scene extends typeof figures | WorstNightSummary>(scene: Scene) => ({
      ...scene,
      requests: totals(scene.requests),
    });
    return {
      holds: problems.length === 0,
      figures: {
        migration: summedUp(figures),
        ...(worstNight && { worstNight: summedUp(worstNight) }),
        ...{ seconds, problems },
      },
    };
  },
};
