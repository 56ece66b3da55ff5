import { KubeError } from "../../../kube/api.js";
import type { CloudLook } from "../../../model/cloud.js";
import { messageOf, UserError } from "../../../model/errors.js";
import type { Journal } from "../../../model/journal.js";
import type { TeardownReceipt } from "../../../model/teardown.js";
import type { RunFolder } from "../../../run/run-folder.js";
import { lookAtCloud } from "../../../sweep/look.js";
import type { Context } from "../command.js";
import type { Project } from "../project.js";
import { describeLook, notLooked } from "./describe-look.js";
import { openSweep } from "./open-sweep.js";
import { describeReceipt, writeReceipt } from "./receipt.js";
import { howToRemove } from "./sweep.js";

/** What a teardown says at its end of what blue left. */
export interface After {
  lines: string[];
  json: { receipt: TeardownReceipt };
}

/** Looks for what blue left in AWS, and writes the receipt. Removes nothing; what can't be looked at is told, and is no obstacle. */
export async function lookAfter(
  project: Project,
  run: RunFolder,
  bundle: TeardownReceipt["bundle"],
  journal: Journal,
  context: Context,
): Promise<After> {
  const { look, lines } = project.config.aws
    ? await lookNow(project, run, journal, context)
    : { look: nothing, lines: [notLooked(project)] };
  const receipt = await writeReceipt(project, run, journal, look, context, bundle);
  const hint = look.resources.some(({ kept }) => kept === undefined) ? [howToRemove(project)] : [];
  return {
    json: { receipt },
    lines: [...describeReceipt(receipt), ...lines, ...hint, `Receipt: ${run.path("teardown.json")}`],
  };
}

const nothing: CloudLook = { resources: [], unseen: [] };

async function lookNow(project: Project, run: RunFolder, journal: Journal, context: Context) {
  try {
    const sweep = await openSweep(project, run, journal.entries(), context);
    try {
      const look = await lookAtCloud(sweep.edges, false);
      return { look, lines: describeLook("What blue left in AWS", look) };
    } finally {
      await sweep.close();
    }
  } catch (error) {
    context.edges.signal.throwIfAborted();
    if (!(error instanceof UserError || error instanceof KubeError)) throw error;
    const line = `What blue left in AWS can't be told: ${messageOf(error)} Look again: clustershift teardown --sweep`;
    return { look: nothing, lines: [line] };
  }
}
