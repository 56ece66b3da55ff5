import { UserError } from "../../../../model/errors.js";
import type { GreenRecord } from "../../../../model/run.js";
import { goneBlue, isFinished } from "../../../../run/evidence.js";
import { readJournal } from "../../../../run/journal.js";
import { listRuns, RunFolder } from "../../../../run/run-folder.js";
import type { Context } from "../../command.js";
import { requireRun } from "../../find-run.js";
import type { Project } from "../../project.js";

/** A migration that has ended: its blue is gone, and its green serves. */
export interface FinishedRun {
  run: RunFolder;
  green: GreenRecord;
}

/**
 * The last run, which must be the configuration's, and have ended.
 *
 * @throws UserError `no-plan` where there is none, `blue-not-gone` where it goes on, `usage` where the configuration isn't its any more
 */
export async function requireFinishedRun(project: Project, context: Context): Promise<FinishedRun> {
  const run = await requireRun(project, context);
  const last = (await listRuns(project.runsDir)).at(-1);
  if (last !== undefined && last !== run.id) {
    throw new UserError({
      code: "usage",
      what: `Run ${run.id} isn't the last one: ${last} is.`,
      fix: "Leave --run out: what comes next follows the last run.",
    });
  }
  const journal = await readJournal(run.journalPath);
  const { config } = project;
  const gone = goneBlue(journal);
  if (gone === undefined || !isFinished(journal)) {
    throw new UserError({
      code: "blue-not-gone",
      what: `Run ${run.id} has not ended: ${gone === undefined ? `${config.blue.name} was not removed` : "its teardown has more to do"}.`,
      fix: "clustershift status says what it waits for; teardown ends it. The next migration begins after that.",
    });
  }
  const green = await run.read("green.json");
  if (!green) {
    throw new UserError({
      code: "state-invalid",
      what: `${run.path("green.json")} is missing: which cluster is the new blue can't be known.`,
      fix: "Restore it from a backup, or write the next clustershift.yaml by clustershift init --context.",
    });
  }
  if (gone !== config.blue.name || green.stack !== config.green.name) {
    throw new UserError({
      code: "usage",
      what: `${project.file} leads from ${config.blue.name} to ${config.green.name}; the last run, ${run.id}, led from ${gone} to ${green.stack}.`,
      fix: `Where it describes the next migration already: clustershift plan. Else bring that run's own back: ${run.path("clustershift.yaml")}`,
    });
  }
  return { run, green };
}

/** Names that clusters of this project have had. */
export async function usedNames({ runsDir, config: { blue, green } }: Project): Promise<Set<string>> {
  const used = new Set([blue.name, green.name]);
  for (const id of await listRuns(runsDir)) {
    const record = await new RunFolder(runsDir, id).read("green.json").catch(() => undefined);
    if (record) used.add(record.stack);
  }
  return used;
}
