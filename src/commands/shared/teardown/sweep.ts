import { UserError } from "../../../model/errors.js";
import { goneBlue } from "../../../run/evidence.js";
import { readJournal } from "../../../run/journal.js";
import type { RunFolder } from "../../../run/run-folder.js";
import { lookAtCloud } from "../../../sweep/look.js";
import { type Removal, removeOrphans } from "../../../sweep/remove.js";
import type { Answer, Context } from "../command.js";
import { withJournalTold } from "../notify.js";
import { type Project, requireAws } from "../project.js";
import { clockOf } from "../targets.js";
import { chooseOrphans } from "./choose.js";
import { describeLook } from "./describe-look.js";
import { openSweep } from "./open-sweep.js";
import { writeReceipt } from "./receipt.js";
import { confirm } from "./removal.js";

/** What `teardown --sweep` was asked. */
export interface SweepArgs {
  /** Ids, or `all`; empty: only list. */
  remove: readonly string[];
  dryRun: boolean;
  confirm: unknown;
}

/** Looks for what blue left behind, and removes what is named. @throws UserError `blue-not-gone` as long as blue stands */
export async function sweep(project: Project, run: RunFolder, args: SweepArgs, context: Context): Promise<Answer> {
  const entries = await readJournal(run.journalPath);
  requireAws(project, "so there is nowhere to look");
  const gone = goneBlue(entries);
  if (gone === undefined) {
    throw new UserError({
      code: "blue-not-gone",
      what: `${project.config.blue.name} wasn't removed yet: what its controllers made is in use, and no orphan.`,
      fix: `clustershift teardown --confirm ${project.config.blue.name}`,
    });
  }
  // After init --next the configuration's blue is the cluster that serves.
  if (gone !== project.config.blue.name) {
    throw new UserError({
      code: "usage",
      what: `Run ${run.id} removed ${gone}, and ${project.file} is about ${project.config.blue.name}, which is another cluster.`,
      fix: `Copy ${run.path("clustershift.yaml")}, the run's own, beside it under another name: clustershift teardown --sweep --run ${run.id} --config THAT`,
    });
  }
  if (args.remove.length === 0 || args.dryRun) return list(project, run, args, context);
  return withJournalTold("teardown", project, run, context, async (journal) => {
    const opened = await openSweep(project, run, journal.entries(), context);
    try {
      const orphans = chooseOrphans(args.remove, await lookAtCloud(opened.edges, false), journal.entries());
      const { name } = project.config.blue;
      await confirm(
        name,
        `This removes ${orphans.length} resource(s) that ${name} left, for good.`,
        args.confirm,
        context,
      );
      const removals = await removeOrphans(orphans, {
        ...opened.edges,
        journal,
        clock: clockOf(context),
        onProgress: (line) => context.progress.line(`sweep: ${line}`),
      });
      const after = await lookAtCloud(opened.edges, false);
      const receipt = await writeReceipt(project, run, journal, after, context);
      const stays = removals.filter(({ outcome }) => outcome === "kept" || outcome === "failed");
      return {
        code: stays.length === 0 ? "ok" : "orphans-left",
        json: { removals, receipt },
        text: [...describeRemovals(removals), ...describeLook("What is left of blue in AWS", after)].join("\n"),
      };
    } finally {
      await opened.close();
    }
  });
}

async function list(project: Project, run: RunFolder, { remove }: SweepArgs, context: Context): Promise<Answer> {
  const entries = await readJournal(run.journalPath);
  const opened = await openSweep(project, run, entries, context);
  try {
    const look = await lookAtCloud(opened.edges, false);
    const would = remove.length === 0 ? [] : chooseOrphans(remove, look, entries);
    return {
      code: "ok",
      json: { ...look, ...(remove.length > 0 && { wouldRemove: would }) },
      text: [
        ...describeLook("What blue left in AWS", look),
        ...(remove.length > 0
          ? [`Would remove ${would.length}:`, ...would.map(({ kind, id }) => `  ${kind} ${id}`)]
          : []),
        ...(remove.length === 0 && look.resources.some(({ kept }) => !kept) ? [howToRemove(project)] : []),
      ].join("\n"),
    };
  } finally {
    await opened.close();
  }
}

export const howToRemove = ({ config }: Project): string =>
  `Nothing of it was removed. By id, or all that holds no data: clustershift teardown --sweep --confirm ${config.blue.name} --remove-orphans all`;

function describeRemovals(removals: readonly Removal[]): string[] {
  const count = (outcome: Removal["outcome"]) => removals.filter((each) => each.outcome === outcome).length;
  return [
    `${count("removed")} removed, ${count("gone")} gone already, ${count("kept")} kept, ${count("failed")} failed.`,
    ...removals
      .filter(({ why }) => why !== undefined)
      .map(({ resource, why }) => `  NOT removed: ${resource.kind} ${resource.id}: ${why}`),
  ];
}
