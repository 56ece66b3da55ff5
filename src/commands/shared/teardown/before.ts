import { KubeError } from "../../../kube/api.js";
import { messageOf, UserError } from "../../../model/errors.js";
import type { JournalEntry } from "../../../model/journal.js";
import type { RunFolder } from "../../../run/run-folder.js";
import { lookAtCloud } from "../../../sweep/look.js";
import { removalCommands } from "../../../sweep/removal-commands.js";
import type { Context } from "../command.js";
import type { Project } from "../project.js";
import { describeLook, notLooked } from "./describe-look.js";
import { describeDrain, planDrain } from "./drain.js";
import { type OpenSweep, openSweep } from "./open-sweep.js";
import { describeCommands, removalOf } from "./removal.js";
import { volumesOf } from "./snapshots.js";

/** What a teardown sees before it does anything. */
export interface Before {
  lines: string[];
  json: object;
  /** Undefined where nobody can look; `close` is the caller's to call. */
  sweep?: OpenSweep;
}

/** What blue's controllers made, what would be drained and kept, and how blue could be removed. Reads only, and is no obstacle. */
export async function lookBefore(
  project: Project,
  run: RunFolder,
  journal: readonly JournalEntry[],
  context: Context,
): Promise<Before> {
  if (!project.config.aws) return { lines: [notLooked(project)], json: {} };
  let sweep: OpenSweep | undefined;
  try {
    sweep = await openSweep(project, run, journal, context);
    const look = await lookAtCloud(sweep.edges, true);
    const { drain, finalSnapshots } = project.config.blue.teardown ?? {};
    const drained = drain && !sweep.blue.silent ? describeDrain(await planDrain(sweep)) : [];
    const volumes = finalSnapshots ? volumesOf(sweep) : [];
    const likely = removalOf(project)
      ? []
      : removalCommands(sweep.blue.nodes, sweep.edges.blue.cluster, project.config.aws.region);
    return {
      sweep,
      json: {
        ...look,
        ...(sweep.blue.silent !== undefined && { blueSilent: sweep.blue.silent }),
        drain: drained,
        snapshots: volumes,
        commands: likely,
      },
      lines: [
        sweep.blue.silent === undefined
          ? ""
          : `Blue gives no answer (${sweep.blue.silent}): what it has is taken from the bundle, and what it made since can't be told.`,
        ...describeLook("What blue's controllers made in AWS", look),
        ...(drain
          ? ["Blue would be drained:", ...drained]
          : [undrained(look.resources.some(({ kind }) => balanced(kind)))]),
        ...(volumes.length > 0 ? ["Final snapshots would be taken of:"] : []),
        ...volumes.map(({ id, of }) => `  ${id} of ${of}`),
        ...(likely.length > 0 ? ["Blue could be removed:"] : []),
        ...describeCommands(likely),
      ].filter((line) => line !== ""),
    };
  } catch (error) {
    context.edges.signal.throwIfAborted();
    if (!(error instanceof UserError || error instanceof KubeError)) throw error;
    return {
      ...(sweep && { sweep }),
      lines: [`What blue's controllers made in AWS can't be told: ${messageOf(error)}`],
      json: { trouble: messageOf(error) },
    };
  }
}

const balanced = (kind: string): boolean => kind.endsWith("load-balancer");

const undrained = (some: boolean): string =>
  some
    ? "Nobody asks to drain blue (blue.teardown.drain): its load balancers stay behind, and teardown --sweep finds them."
    : "";
