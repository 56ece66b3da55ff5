import { refKey } from "../../../model/objects.js";
import {
  describeHeldAgain,
  describeOutcomes,
  holdableAgain,
  holdEdges,
  holdGreenAgain,
  releasable,
  releaseHeld,
} from "../holds.js";
import type { Act } from "./act.js";

/** What was kept from acting on green until it serves, and is kept from it again when it no longer does. */
export const heldObjects: Act = {
  id: "held-objects",
  when: "after",
  async plan({ evidence, journal, record }) {
    const json = releasable(evidence.held, journal, ["cutover"], record.clusterId);
    const lines = json.map(({ object, hold, pointer }) => `  ${refKey(object)} (${hold}, ${pointer})`);
    return { json, lines: lines.length > 0 ? ["Then on green, released", ...lines] : [] };
  },
  async carryOut({ evidence, journal, record, green, context }, keepsHeld) {
    const edges = holdEdges(green, journal, context);
    const json = await releaseHeld(evidence.held, ["cutover"], record.clusterId, edges, keepsHeld);
    const failed = json.some(({ outcome }) => outcome === "failed");
    const kept = releasable(evidence.held, journal, ["cutover"], record.clusterId).filter(keepsHeld);
    return {
      json,
      failed,
      lines: [
        ...describeOutcomes(json, "released"),
        ...kept.map(({ object }) => `  stays held on green, since blue's may run: ${refKey(object)}`),
      ],
    };
  },
  async planBack({ run, journal }) {
    const json = await holdableAgain(run, journal);
    const lines = json.map(({ object, pointer }) => `  ${refKey(object)} (${pointer})`);
    return { json, lines: lines.length > 0 ? ["Then on green, held again", ...lines] : [] };
  },
  async takeBack({ project, run, journal, context }) {
    const json = await holdGreenAgain(project, run, journal, context);
    if (json.trouble) context.progress.warn(json.trouble);
    const failed = json.trouble !== undefined || json.outcomes.some(({ outcome }) => outcome === "failed");
    return { json, failed, lines: describeHeldAgain(json) };
  },
};
