import { type Standing, standingAnywhere, handOver as verbs } from "../../model/edit.js";
import { messageOf } from "../../model/errors.js";
import { holdMoves } from "../../model/held.js";
import type { Journal } from "../../model/journal.js";
import { type ObjectRef, refKey } from "../../model/objects.js";
import { type EditOutcome, putBack, standingEdits } from "../../workloads/edits/carry-out.js";
import { untilEnded } from "../../workloads/exclusive/until-ended.js";
import type { Scene } from "./acts/act.js";
import { connectBlueToHandOver, connectGreen } from "./clusters.js";
import { handOverEdges, isOfCluster, wrongCluster } from "./hand-over.js";
import { milliseconds } from "./project.js";
import { clockOf } from "./targets.js";

/** What is stopped on blue, by the journal alone: it needs neither cluster nor plan. */
export const stoppedOnBlue = (journal: Journal): Standing[] => standingAnywhere(journal.entries(), verbs);

export interface Started {
  outcomes: EditOutcome[];
  /** What may run on green beside blue's, and why nobody knows better. */
  besides: string[];
  /** Why blue's could not be started. */
  trouble?: string;
}

/**
 * Blue's as they were, once green's have ended. Blue must serve, and rollback needs no green: where green can't be asked, or its
 * own don't end in time, blue's are started all the same, and it is told that both may run.
 *
 * @throws UserError `interrupted`, the signal's reason
 */
export async function startOnBlue(scene: Scene): Promise<Started> {
  const { project, journal, context } = scene;
  const standing = stoppedOnBlue(journal);
  if (standing.length === 0) return { outcomes: [], besides: [] };
  const besides = await mayRunOnGreen(standing, scene);
  for (const each of besides) context.progress.warn(`it may run on both clusters: ${each}`);
  try {
    const client = await connectBlueToHandOver(project, context, { attempts: 2 });
    try {
      const edges = await handOverEdges(client, journal, context);
      const its = standingEdits(edges);
      if (its.length < standing.length)
        throw wrongCluster(`context ${client.name} leads to another cluster than the one whose workloads were stopped`);
      return { besides, outcomes: await putBack(its, edges) };
    } finally {
      await client.close();
    }
  } catch (error) {
    if (!isOfCluster(error)) throw error;
    return { besides, outcomes: [], trouble: `Blue's exclusive workloads were NOT started again: ${messageOf(error)}` };
  }
}

/** A line for each of green's that was released, and isn't known to have ended. */
async function mayRunOnGreen(standing: readonly Standing[], scene: Scene): Promise<string[]> {
  const { project, run, journal, context } = scene;
  const record = await run.read("green.json").catch(() => undefined);
  if (!record) return [];
  const stopped = await workloadsOf(standing, scene);
  const moves = [...holdMoves(journal.entries(), record.clusterId).values()].filter(({ held: { object } }) =>
    stopped.has(refKey(object)),
  );
  const isHeld = ({ direction, done }: (typeof moves)[number]): boolean => direction === "hold" && done;
  const acting = moves.filter((move) => !isHeld(move)).map(({ held }) => refKey(held.object));
  const held: ObjectRef[] = moves.filter(isHeld).map((move) => move.held.object);
  const lines = acting.map((key) => `${key} is not held again on green`);
  if (held.length === 0) return lines;
  try {
    const green = await connectGreen(project, run, record, context, { attempts: 2 });
    try {
      const ended = await untilEnded(held, {
        kube: green,
        clock: clockOf(context),
        timeoutMs: milliseconds(project.config.workloads.exclusive.timeout),
        signal: context.edges.signal,
        onProgress: (done, total) => context.progress.tick("waiting for green's", { done, total, unit: "workloads" }),
      });
      return [...lines, ...[...ended].map(([key, why]) => `${key} on green ${why}`)];
    } finally {
      await green.close();
    }
  } catch (error) {
    if (!isOfCluster(error)) throw error;
    return [...lines, ...held.map((object) => `${refKey(object)}: green can't be asked: ${messageOf(error)}`)];
  }
}

/** As `refKey` names them: what was edited, and what an edited ScaledObject scales, which only the plan says. */
async function workloadsOf(standing: readonly Standing[], { run }: Scene): Promise<Set<string>> {
  const plan = await run.read("plan.json").catch(() => undefined);
  const edited = new Set(standing.map(({ edit }) => refKey(edit.object)));
  const scaled = (plan?.exclusive ?? []).filter((each) => edited.has(refKey(each.edited)));
  return new Set([
    ...[...edited].filter((key) => !key.startsWith("ScaledObject.")),
    ...scaled.map(({ object }) => refKey(object)),
  ]);
}

const words: Record<EditOutcome["outcome"], string> = {
  done: "as before",
  already: "as before already",
  left: "left as somebody changed it",
  gone: "gone from blue",
  failed: "NOT started",
};

export function describeStarted({ outcomes, besides, trouble }: Started): string[] {
  const warned =
    besides.length > 0
      ? ["May run on both clusters, since blue must serve:", ...besides.map((each) => `  ${each}`)]
      : [];
  if (trouble !== undefined) return [...warned, trouble, "Once blue answers to them: clustershift rollback"];
  if (outcomes.length === 0) return warned;
  const well = outcomes.filter(({ outcome }) => outcome === "done" || outcome === "already");
  return [
    ...warned,
    `${well.length} of ${outcomes.length} exclusive workload(s) of blue are as they were.`,
    ...outcomes
      .filter((each) => !well.includes(each))
      .map(
        ({ object, outcome, detail }) =>
          `  ${words[outcome]}: ${refKey(object)}${detail === undefined ? "" : `: ${detail}`}`,
      ),
  ];
}
