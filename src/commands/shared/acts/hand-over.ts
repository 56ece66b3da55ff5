import { messageOf } from "../../../model/errors.js";
import { refKey, refOf } from "../../../model/objects.js";
import { valueAt } from "../../../workloads/fields.js";
import { connectBlueToHandOver } from "../clusters.js";
import { describeStarted, startOnBlue, stoppedOnBlue } from "../hand-back.js";
import {
  handOverEdges,
  isOfCluster,
  lackedToHandOver,
  lookAtExclusive,
  type Stopped,
  stopOnBlue,
  unplannedWords,
  wrongCluster,
} from "../hand-over.js";
import type { Act, ActOutcome, ForwardScene } from "./act.js";

/**
 * Once green serves everything, and before anything is released there: what two clusters must not run at once is stopped on blue.
 * On the way back green's is held again first.
 */
export const handOverAct: Act = {
  id: "hand-over",
  when: "after",
  async plan({ project, evidence, blue, context }) {
    const live = await lookAtExclusive(project, evidence.plan, blue, context.edges.signal);
    const json = live.planned.map(({ workload, rule, stop }) => ({ object: refOf(workload), rule, stop }));
    const lines = live.planned.map(({ workload, stop }) => {
      const [key, edited] = [refKey(refOf(workload)), refKey(stop.object)];
      const now = edited === key ? ` ${String(valueAt(workload, stop.path) ?? "nothing")} ->` : " ->";
      return `  ${key} (${stop.path.join(".")}${edited === key ? "" : ` of ${edited}`}:${now} ${stop.ours})`;
    });
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
    try {
      const stopped = await stop(scene);
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

async function stop({ project, evidence, blue, journal, context }: ForwardScene): Promise<Stopped | undefined> {
  const live = await lookAtExclusive(project, evidence.plan, blue, context.edges.signal);
  if (live.planned.length + live.unplanned.length === 0) return undefined;
  const client = await connectBlueToHandOver(project, context);
  try {
    const lacks = await lackedToHandOver({ planned: [], unplanned: [] }, evidence.plan, client);
    if (lacks.length > 0) throw wrongCluster(lacks.join("; "));
    return await stopOnBlue(live, await handOverEdges(client, journal, context), { project, context, blue });
  } finally {
    await client.close();
  }
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

function describeStopped({ outcomes, running }: Stopped): string[] {
  const workloads = [...running].map(([key, why]) => `  ${key}: ${why}`);
  const stopped = outcomes.filter(({ outcome }) => outcome === "done" || outcome === "already").length;
  return [
    `${stopped} of ${outcomes.length} exclusive workload(s) stopped on blue${running.size === 0 ? ", and ended" : ""}.`,
    ...workloads,
  ];
}
