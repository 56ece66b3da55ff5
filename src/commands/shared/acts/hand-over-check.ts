import { UserError } from "../../../model/errors.js";
import { trafficState } from "../../../run/evidence.js";
import { connectBlueToHandOver } from "../clusters.js";
import { lackedToHandOver, lookAtExclusive, unplannedWords } from "../hand-over.js";
import type { Act, ForwardScene } from "./act.js";

/** Before any traffic: what will be stopped on blue can be, by whoever will do it, and is what was approved. */
export const handOverCheck: Act = {
  id: "hand-over-check",
  when: "before",
  async plan(scene) {
    const lacks = await lacked(scene);
    return { lines: lacks.length > 0 ? ["Before, refused: hand-over-refused", ...lines(lacks)] : [], json: { lacks } };
  },
  async carryOut(scene) {
    const lacks = await lacked(scene);
    if (lacks.length === 0) return { lines: [], json: { lacks }, failed: false };
    throw new UserError({
      code: "hand-over-refused",
      what: ["Exclusive workloads can't be stopped on blue; no traffic was moved:", ...lines(lacks)].join("\n"),
      fix: "What is not allowed: apply `clustershift permissions blue-hand-over` on blue. What isn't in the plan: clustershift plan && clustershift approve --by NAME, or stop it on blue yourself.",
    });
  },
  planBack: async () => ({ lines: [], json: null }),
  takeBack: async () => ({ lines: [], json: null, failed: false }),
};

/** Once green serves everything there is nothing left that it could hold back. */
async function lacked({ project, context, journal, evidence: { plan }, blue }: ForwardScene): Promise<string[]> {
  if (trafficState(journal.entries()).at === "green") return [];
  const live = await lookAtExclusive(project, plan, blue, context.edges.signal);
  if (live.planned.length + live.unplanned.length === 0) return [];
  // Nothing can be stopped there, and somebody has answered for what the plan lists; not for what it doesn't.
  if (blue.dead !== undefined) return live.unplanned.map(({ workload, stop }) => unplannedWords(workload, stop));
  const client = await connectBlueToHandOver(project, context);
  try {
    return await lackedToHandOver(live, plan, client);
  } finally {
    await client.close();
  }
}

const lines = (lacks: readonly string[]): string[] => lacks.map((lack) => `  ${lack}`);
