import { messageOf } from "../../../model/errors.js";
import { refKey } from "../../../model/objects.js";
import type { Plan } from "../../../model/plan.js";
import { describeStarted, startOnBlue, stoppedOnBlue } from "../hand-back.js";
import { isOfCluster, lookAtExclusive, unplannedWords } from "../hand-over.js";
import type { Act, ActOutcome, ActReport } from "./act.js";
import { describeStopped, describeStops, stopExclusive } from "./stop-exclusive.js";

/**
 * Once green serves everything, and before anything is released there: what two clusters must not run at once is stopped on blue.
 * On the way back green's is held again first.
 */
export const handOverAct: Act = {
  id: "hand-over",
  when: "after",
  async plan({ project, evidence, blue, context }) {
    if (blue.dead !== undefined) return notStopped(evidence.plan, blue.dead);
    const live = await lookAtExclusive(project, evidence.plan, blue, context.edges.signal);
    const { json, lines } = describeStops(live.planned.filter(({ first }) => !first));
    const refused = live.unplanned.map(({ workload, stop }) => `  not: ${unplannedWords(workload, stop)}`);
    return {
      json,
      lines:
        lines.length + refused.length > 0
          ? ["Then on blue, stopped until they have ended (the only writes to it)", ...lines, ...refused]
          : [],
    };
  },
  async carryOut(scene) {
    const { rules } = scene.project.config.workloads.exclusive;
    const names = new Set(rules.map(({ name }) => name));
    const { plan } = scene.evidence;
    if (scene.blue.dead !== undefined) return { ...notStopped(plan, scene.blue.dead), failed: false };
    try {
      // What was stopped first must have stayed so: it is looked at again.
      const stopped = await stopExclusive(scene, (live) => live);
      if (!stopped) return { lines: [], json: null, failed: false };
      const { outcomes, running } = stopped;
      return {
        json: { outcomes, running: Object.fromEntries(running) },
        failed: running.size > 0,
        lines: describeStopped(stopped),
        keepsHeld: ({ hold, object }) => names.has(hold) && running.has(refKey(object)),
      };
    } catch (error) {
      if (!isOfCluster(error)) throw error;
      return nothingKnown(messageOf(error), names);
    }
  },
  async planBack({ journal }) {
    const json = stoppedOnBlue(journal);
    const lines = json.map(
      ({ edit: { object, path, ours, original } }) =>
        `  ${refKey(object)} (${path.join(".")}: ${ours} -> ${original ?? "nothing"})`,
    );
    return { json, lines: lines.length > 0 ? ["Then on blue, started again", ...lines] : [] };
  },
  async takeBack(scene) {
    const json = await startOnBlue(scene);
    if (json.trouble !== undefined) scene.context.progress.warn(json.trouble);
    const failed = json.trouble !== undefined || json.outcomes.some(({ outcome }) => outcome === "failed");
    return { json, failed, blueLacks: failed, lines: describeStarted(json) };
  },
};

/** On a dead blue. What is exclusive goes on on green all the same: the gate asks somebody to answer for that. */
function notStopped(plan: Plan | undefined, dead: string): ActReport {
  const objects = (plan?.exclusive ?? []).map(({ object }) => object);
  const json = { dead, objects };
  if (objects.length === 0) return { json, lines: [] };
  return {
    json,
    lines: [
      `Not stopped on blue, which can't be asked (${dead}). Its nodes may go on with these until they are gone:`,
      ...objects.map((object) => `  ${refKey(object)}`),
    ],
  };
}

/** What can't be looked at may run: none of them is released. */
function nothingKnown(why: string, names: ReadonlySet<string>): ActOutcome {
  return {
    json: { trouble: why },
    failed: true,
    lines: [`Blue's exclusive workloads could not be stopped, and none of them is released on green: ${why}`],
    keepsHeld: ({ hold }) => names.has(hold),
  };
}
