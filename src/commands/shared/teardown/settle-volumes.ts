import { UserError } from "../../../model/errors.js";
import type { Journal } from "../../../model/journal.js";
import type { Evidence } from "../../../run/evidence.js";
import type { RunFolder } from "../../../run/run-folder.js";
import { settleVolumes, toSettle } from "../../../volumes/settle.js";
import { connectGreen } from "../clusters.js";
import type { Context } from "../command.js";
import type { Project } from "../project.js";
import { openCloudVolumes, termsOf } from "../volumes.js";

/**
 * Volumes that were handed over are green's in every respect, before anything removes blue: what does may go by tags.
 *
 * @throws UserError `effect-failed` where one isn't yet
 */
export async function settleGreens(
  project: Project,
  run: RunFolder,
  { green: record }: Evidence,
  journal: Journal,
  context: Context,
): Promise<void> {
  const due = toSettle(journal).filter(({ strategy }) => strategy !== "shared");
  if (due.length === 0 || !record) return;
  const cloud = await openCloudVolumes(project, context);
  try {
    const green = await connectGreen(project, run, record, context);
    try {
      const edges = { cloud, green, journal, signal: context.edges.signal };
      const { failed } = await settleVolumes(termsOf(project, run), edges);
      if (failed.length === 0) {
        context.progress.line(`teardown: ${due.length} volume(s) are green's for good`);
        return;
      }
      throw new UserError({
        code: "effect-failed",
        what: ["Volumes that green has could not be made its own for good; blue was not removed.", ...failed].join(
          "\n",
        ),
        fix: "Mend what refuses; the same command then goes on.",
      });
    } finally {
      await green.close();
    }
  } finally {
    cloud.close();
  }
}
