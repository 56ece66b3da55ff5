import { refKey, refOf } from "../../../model/objects.js";
import { valueAt } from "../../../workloads/fields.js";
import { connectBlueToHandOver } from "../clusters.js";
import {
  handOverEdges,
  type LiveExclusives,
  lackedToHandOver,
  lookAtExclusive,
  type PlannedStop,
  type Stopped,
  stopOnBlue,
  wrongCluster,
} from "../hand-over.js";
import type { ActReport, ForwardScene } from "./act.js";

/**
 * Stops on blue what the plan lists and is due, and waits until it has ended; undefined where there is nothing of that.
 *
 * @throws UserError `config-invalid` where the hand-over's identity isn't one of blue
 */
export async function stopExclusive(
  { project, evidence, blue, journal, context }: ForwardScene,
  due: (live: LiveExclusives) => LiveExclusives,
): Promise<Stopped | undefined> {
  const live = due(await lookAtExclusive(project, evidence.plan, blue, context.edges.signal));
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

/** What would be written, for a dry run. */
export function describeStops(stops: readonly PlannedStop[]): ActReport {
  const json = stops.map(({ workload, rule, stop }) => ({ object: refOf(workload), rule, stop }));
  const lines = stops.map(({ workload, stop }) => {
    const [key, edited] = [refKey(refOf(workload)), refKey(stop.object)];
    const now = edited === key ? ` ${String(valueAt(workload, stop.path) ?? "nothing")} ->` : " ->";
    return `  ${key} (${stop.path.join(".")}${edited === key ? "" : ` of ${edited}`}:${now} ${stop.ours})`;
  });
  return { json, lines };
}

export function describeStopped({ outcomes, running }: Stopped): string[] {
  const workloads = [...running].map(([key, why]) => `  ${key}: ${why}`);
  const stopped = outcomes.filter(({ outcome }) => outcome === "done" || outcome === "already").length;
  return [
    `${stopped} of ${outcomes.length} exclusive workload(s) stopped on blue${running.size === 0 ? ", and ended" : ""}.`,
    ...workloads,
  ];
}
