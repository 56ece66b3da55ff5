import { formatDuration } from "../model/duration.js";
import { UserError } from "../model/errors.js";
import { blueIsGone } from "../run/evidence.js";
import { planRollback, type RollbackResult, rollback } from "../traffic/rollback.js";
import { planActsBack, takeActsBack } from "./shared/acts/index.js";
import { type Command, dryRunOption } from "./shared/command.js";
import { withJournalTold } from "./shared/notify.js";
import { openProject, requireRun } from "./shared/project.js";
import { readOnlyJournal } from "./shared/read-only-journal.js";
import { awsOf, clockOf } from "./shared/targets.js";

export const rollbackCommand: Command = {
  name: "rollback",
  summary: "Move all traffic back to blue, exactly as it was.",
  description:
    "Writes back what the journal recorded before the first step: record sets byte for byte, Elastic IPs to the instance and address that had them. Then holds on green what the cutover had released there, if green can be reached. Needs neither green nor the bundle, only the journal and AWS. Possible any time until teardown ends; run again, it goes on or does nothing.",
  options: {
    ...dryRunOption,
    overwrite: {
      type: "array",
      string: true,
      default: [],
      describe: "Go back on these targets even though somebody else changed them.",
    },
  },
  examples: [
    { command: "clustershift rollback --dry-run", what: "what it would write" },
    { command: "clustershift rollback", what: "" },
  ],
  async run(args, context) {
    const project = await openProject(context);
    const run = await requireRun(project, context);
    const overwrite = (args.overwrite as unknown[]).map(String);
    const clock = clockOf(context);
    const aws = await awsOf(project, context);
    try {
      if (args.dryRun) {
        const journal = await readOnlyJournal(run);
        const plan = await planRollback({ aws, clock, journal }, { overwrite });
        const acts = await planActsBack({ project, run, context, journal });
        return {
          code: "ok",
          json: { dryRun: true, plan, acts: acts.json },
          text: [
            ...(plan.moves.length === 0 ? ["Nothing to go back from: blue serves."] : []),
            ...plan.moves.flatMap(({ key, done, now, after }) => [
              `${key}${done ? " (as it was already)" : ""}`,
              ...now.map((line) => `  - ${line}`),
              ...after.map((line) => `  + ${line}`),
            ]),
            ...acts.lines,
          ].join("\n"),
        };
      }
      return await withJournalTold("rollback", project, run, context, async (journal) => {
        if (blueIsGone(journal.entries())) {
          throw new UserError({
            code: "run-finished",
            what: "Blue is gone, so nothing leads back to it.",
            fix: "Migrate again, with a bundle or backup of blue as the source.",
          });
        }
        const result = await rollback({ aws, journal, clock, signal: context.edges.signal }, { overwrite });
        // Traffic first: what green does beside it can wait, and green may be what is broken.
        const acts = await takeActsBack({ project, run, context, journal });
        return {
          code: "ok",
          json: { result, acts: acts.json },
          text: [
            describeResult(result),
            ...acts.lines,
            ...(result.outcome === "nothing-to-do" ? [] : ["Next: clustershift status"]),
          ].join("\n"),
        };
      });
    } finally {
      aws.close();
    }
  },
};

function describeResult(result: RollbackResult): string {
  if (result.outcome === "nothing-to-do") return "Nothing to go back from: blue serves.";
  const spent = `${formatDuration(result.apiMs)} were spent in AWS calls.`;
  return result.outcome === "unprepared"
    ? `The records have their old TTLs again; blue served all the time. ${spent}`
    : `Blue serves everything again, exactly as before; ${spent}`;
}
