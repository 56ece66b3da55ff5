import { UserError } from "../../../model/errors.js";
import { trafficState } from "../../../run/evidence.js";
import { type LiveExclusives, lookAtExclusive } from "../hand-over.js";
import type { Act, ForwardScene } from "./act.js";
import { describeStopped, describeStops, stopExclusive } from "./stop-exclusive.js";

/**
 * Right before any traffic moves: what would write over it, an external-dns, is stopped on blue. All that is stopped on blue is started
 * again by the hand-over's own way back, once green's is held.
 */
export const handOverFirst: Act = {
  id: "hand-over-first",
  when: "before",
  async plan(scene) {
    const { project, evidence, blue, context } = scene;
    // What a dead blue has of it is told with all else that is exclusive.
    if (isOver(scene) || blue.dead !== undefined) return { lines: [], json: [] };
    const live = await lookAtExclusive(project, evidence.plan, blue, context.edges.signal);
    const { json, lines } = describeStops(firstOf(live).planned);
    return { json, lines: lines.length > 0 ? ["Before, on blue, stopped until it has ended", ...lines] : [] };
  },
  async carryOut(scene) {
    const due = scene.blue.dead === undefined && scene.evidence.plan?.exclusive?.some(({ first }) => first);
    const stopped = due && !isOver(scene) ? await stopExclusive(scene, firstOf) : undefined;
    if (!stopped) return { lines: [], json: null, failed: false };
    const { outcomes, running } = stopped;
    const lines = describeStopped(stopped);
    if (running.size === 0) return { lines, json: { outcomes }, failed: false };
    throw new UserError({
      code: "hand-over-refused",
      what: [
        "What would write over the names that move wasn't seen to end on blue; no traffic was moved:",
        ...lines,
      ].join("\n"),
      fix: "See what keeps its Pods from ending (kubectl get pods on blue), then: clustershift cutover. Or start it again: clustershift rollback",
    });
  },
  planBack: async () => ({ lines: [], json: null }),
  takeBack: async () => ({ lines: [], json: null, failed: false }),
};

/** What came since the plan is refused before, and kept in view after. */
const firstOf = ({ planned }: LiveExclusives): LiveExclusives => ({
  planned: planned.filter(({ first }) => first),
  unplanned: [],
});

/** Once green serves everything, the hand-over looks after all of them. */
function isOver({ journal }: ForwardScene): boolean {
  return trafficState(journal.entries()).at === "green";
}
