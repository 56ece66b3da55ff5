import { hostname, userInfo } from "node:os";
import { formatDuration } from "../model/duration.js";
import { UserError } from "../model/errors.js";
import type { Journal } from "../model/journal.js";
import type { Plan } from "../model/plan.js";
import { noWayBack } from "../run/gates/way-back.js";
import type { RunFolder } from "../run/run-folder.js";
import { toTakeBack } from "../traffic/by-hand.js";
import { planRollback, type RollbackResult, rollback } from "../traffic/rollback.js";
import { planActsBack, takeActsBack } from "./shared/acts/index.js";
import { type Command, type Context, dryRunOption, forceOptions } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { withJournalTold } from "./shared/notify.js";
import { openProject } from "./shared/project.js";
import { readOnlyJournal } from "./shared/read-only-journal.js";
import { awsOf, clockOf } from "./shared/targets.js";
import { type Force, forceOf } from "./shared/under-gates.js";
import { describeWayBack, wayBackOf } from "./shared/way-back.js";

/** The one gate of the way back. */
const gate = "run-finished";

export const rollbackCommand: Command = {
  name: "rollback",
  summary: "Move all traffic back to blue, exactly as it was.",
  description:
    "Writes back what the journal recorded before the first step: record sets byte for byte, Elastic IPs to the instance and address that had them. What was moved by hand (traffic.manual) it says how to take back. Then holds on green what the cutover had released there, if green can be reached, and starts on blue what was stopped for it (workloads.exclusive). Needs neither green nor the bundle, only the journal and AWS. Possible any time until teardown begins to remove blue: from then on it asks for --force run-finished, since blue may be gone in part, and once blue is gone it is refused. Run again, it goes on or does nothing.",
  options: {
    ...dryRunOption,
    overwrite: {
      type: "array",
      string: true,
      default: [],
      describe: "Go back on these targets even though somebody else changed them.",
    },
    ...forceOptions,
  },
  examples: [
    { command: "clustershift rollback --dry-run", what: "what it would write" },
    { command: "clustershift rollback", what: "" },
    {
      command: 'clustershift rollback --force run-finished --reason "blue serves, seen by curl"',
      what: "a teardown had begun, and blue is whole all the same",
    },
  ],
  async run(args, context) {
    const project = await openProject(context);
    const run = await requireRun(project, context);
    const overwrite = (args.overwrite as unknown[]).map(String);
    const force = forceOf(args);
    const clock = clockOf(context);
    const aws = await awsOf(project, context);
    try {
      if (args.dryRun) {
        const journal = await readOnlyJournal(run);
        const plan = await planRollback({ aws, clock, journal }, { overwrite });
        const acts = await planActsBack({ project, run, context, journal });
        const refusal = noWayBack(journal.entries());
        const way = wayBackOf(journal.entries(), await planOf(run));
        return {
          code: "ok",
          json: { dryRun: true, refusal: refusal ?? null, plan, way: way ?? null, acts: acts.json },
          text: [
            ...(refusal ? [`refuses  ${gate}: ${refusal.what} -> ${refusal.fix}`] : []),
            ...(plan.moves.length === 0 ? ["Nothing to go back from: blue serves."] : []),
            ...plan.moves.flatMap(({ key, done, now, after }) => [
              `${key}${done ? " (as it was already)" : ""}`,
              ...now.map((line) => `  - ${line}`),
              ...after.map((line) => `  + ${line}`),
            ]),
            ...(way ? [describeWayBack(way)] : []),
            ...acts.lines,
          ].join("\n"),
        };
      }
      return await withJournalTold("rollback", project, run, context, async (journal) => {
        await requireWayBack(journal, force, context);
        const way = wayBackOf(journal.entries(), await planOf(run));
        if (way) context.progress.line(`rollback: ${describeWayBack(way)}`);
        const result = await rollback({ aws, journal, clock, signal: context.edges.signal }, { overwrite });
        // Traffic first: what green does beside it can wait, and green may be what is broken.
        const acts = await takeActsBack({ project, run, context, journal });
        // Said again each time: an earlier call may have ended before it could.
        const byHand = toTakeBack(journal.entries());
        return {
          code: acts.blueLacks ? "effect-failed" : "ok",
          json: { result, acts: acts.json, byHand },
          text: [
            describeResult(result),
            ...acts.lines,
            ...byHand,
            ...(result.outcome === "nothing-to-do" ? [] : ["Next: clustershift status"]),
          ].join("\n"),
        };
      });
    } finally {
      aws.close();
    }
  },
};

/** Refuses where blue is gone; and where it may be, unless somebody who has looked answers for it. */
async function requireWayBack(journal: Journal, force: Force | undefined, { progress }: Context): Promise<void> {
  if (force && force.gate !== gate)
    throw new UserError({
      code: "usage",
      what: `--force ${force.gate} names no gate of rollback.`,
      fix: `Its only gate is ${gate}.`,
    });
  const refusal = noWayBack(journal.entries());
  if (!refusal) return;
  const { what, fix, mayForce } = refusal;
  if (!force || !mayForce) throw new UserError({ code: gate, what, fix });
  progress.warn(`gate ${gate} is overridden: ${what}`);
  const data = { gate, refused: what, reason: force.reason, by: userInfo().username, host: hostname() };
  await journal.append({ type: "event", phase: "rollback", event: "forced", data });
}

/** Only for how long it takes: a plan that is missing or broken stops no way back. */
function planOf(run: RunFolder): Promise<Plan | undefined> {
  return run.read("plan.json").catch(() => undefined);
}

function describeResult(result: RollbackResult): string {
  if (result.outcome === "nothing-to-do") return "Nothing to go back from: blue serves.";
  const spent = `${formatDuration(result.apiMs)} were spent in AWS calls.`;
  return result.outcome === "unprepared"
    ? `The records have their old TTLs again; blue served all the time. ${spent}`
    : `Blue serves everything again, exactly as before; ${spent}`;
}
