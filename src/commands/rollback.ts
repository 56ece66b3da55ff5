import { hostname, userInfo } from "node:os";
import type { AwsApi } from "../aws/api.js";
import { formatDuration } from "../model/duration.js";
import { UserError } from "../model/errors.js";
import type { Journal } from "../model/journal.js";
import type { Plan } from "../model/plan.js";
import { noWayBack } from "../run/gates/way-back.js";
import { readJournal } from "../run/journal.js";
import { RunFolder } from "../run/run-folder.js";
import { toTakeBack } from "../traffic/by-hand.js";
import { lastShift } from "../traffic/history.js";
import type { Rebuilt } from "../traffic/marks/rebuild.js";
import { planRollback, type RollbackResult, rollback } from "../traffic/rollback.js";
import { planActsBack, takeActsBack } from "./shared/acts/index.js";
import { type Answer, type Command, type Context, dryRunOption, forceOptions } from "./shared/command.js";
import { lookForRun, noRun } from "./shared/find-run.js";
import { withJournalTold } from "./shared/notify.js";
import { openProject, type Project } from "./shared/project.js";
import { readOnlyJournal } from "./shared/read-only-journal.js";
import { confirmRebuilt, findMarks, journalInMemory, writeRebuilt } from "./shared/record/from-marks.js";
import { awsOf, clockOf } from "./shared/targets.js";
import { type Force, forceOf } from "./shared/under-gates.js";
import { describeWayBack, wayBackOf } from "./shared/way-back.js";

/** The one gate of the way back. */
const gate = "run-finished";

export const rollbackCommand: Command = {
  name: "rollback",
  summary: "Move all traffic back to blue, exactly as it was.",
  description:
    "Writes back what the journal recorded before the first step: record sets byte for byte, Elastic IPs to the instance and address that had them. What was moved by hand (traffic.manual) it says how to take back. Then holds on green what the cutover had released there, if green can be reached, and starts on blue what was stopped for it (workloads.exclusive). Needs neither green nor the bundle, only the journal and AWS; where the run's folder isn't here, its copy in the bucket or in green; and where no copy is left, what the shift wrote on records, addresses and rules, which asks for --yes. Says before how long it takes. Possible any time until teardown begins to remove blue: from then on it asks for --force run-finished, since blue may be gone in part, and once blue is gone it is refused. Run again, it goes on or does nothing.",
  options: {
    ...dryRunOption,
    overwrite: {
      type: "array",
      string: true,
      default: [],
      describe: "Go back on these targets even though somebody else changed them.",
    },
    yes: { type: "boolean", default: false, describe: "Go back by marks alone, where no record of the run is left." },
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
    const overwrite = (args.overwrite as unknown[]).map(String);
    const force = forceOf(args);
    const aws = await awsOf(project, context);
    try {
      const record = await recordOf(project, aws, context);
      if (args.dryRun) return await dryRun(project, record, aws, overwrite, context);
      let { run } = record;
      if (record.rebuilt) {
        await confirmRebuilt(record.rebuilt, args.yes, context);
        run = await writeRebuilt(record.rebuilt, project, context);
        context.progress.line(`rollback: no record of run ${run.id} is left; going back by its marks`);
      }
      return await goBack(project, run, aws, { overwrite, force, byMarks: record.rebuilt !== undefined }, context);
    } finally {
      aws.close();
    }
  },
};

/** A run with its journal; or, where no record of a shift is left anywhere, what its marks say. */
interface FoundRecord {
  run: RunFolder;
  rebuilt?: Rebuilt;
}

async function recordOf(project: Project, aws: AwsApi, context: Context): Promise<FoundRecord> {
  const found = await lookForRun(project, context);
  const { run } = found;
  if (run && lastShift(await readJournal(run.journalPath))) return { run };
  const rebuilt = await findMarks(project, aws);
  if (!rebuilt) {
    if (run) return { run };
    throw noRun(project, found);
  }
  if (run?.id !== rebuilt.run) return { run: new RunFolder(project.runsDir, rebuilt.run), rebuilt };
  throw new UserError({
    code: "record-diverged",
    what: `Records, addresses or rules have marks of run ${run.id}, and its record knows of no shift: the copy that it was taken from is older.`,
    fix: `Move ${run.dir} aside, leave out the copy that is behind (\`record\` in clustershift.yaml), and run it again: it goes back by a better copy, or by the marks.`,
  });
}

async function dryRun(
  project: Project,
  { run, rebuilt }: FoundRecord,
  aws: AwsApi,
  overwrite: string[],
  context: Context,
): Promise<Answer> {
  const journal = rebuilt ? journalInMemory(rebuilt, context) : await readOnlyJournal(run);
  const plan = await planRollback({ aws, clock: clockOf(context), journal }, { overwrite });
  const acts = await planActsBack({ project, run, context, journal });
  const refusal = noWayBack(journal.entries());
  const way = wayBackOf(journal.entries(), await planOf(run));
  return {
    code: "ok",
    json: {
      dryRun: true,
      byMarks: rebuilt !== undefined,
      refusal: refusal ?? null,
      plan,
      way: way ?? null,
      acts: acts.json,
    },
    text: [
      ...(rebuilt
        ? [`No record of run ${rebuilt.run} is left: this is what its marks say, and it asks for --yes.`]
        : []),
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

interface How {
  overwrite: string[];
  force: Force | undefined;
  byMarks: boolean;
}

function goBack(project: Project, run: RunFolder, aws: AwsApi, how: How, context: Context): Promise<Answer> {
  const { overwrite, force, byMarks } = how;
  return withJournalTold("rollback", project, run, context, async (journal): Promise<Answer> => {
    await requireWayBack(journal, force, context);
    const way = wayBackOf(journal.entries(), await planOf(run));
    if (way) context.progress.line(`rollback: ${describeWayBack(way)}`);
    const { signal } = context.edges;
    const result = await rollback({ aws, journal, clock: clockOf(context), signal }, { overwrite });
    if ("trouble" in result && result.trouble) context.progress.warn(result.trouble);
    // Traffic first: what green does beside it can wait, and green may be what is broken.
    const acts = await takeActsBack({ project, run, context, journal });
    // Said again each time: an earlier call may have ended before it could.
    const byHand = toTakeBack(journal.entries());
    return {
      code: acts.blueLacks ? "effect-failed" : "ok",
      json: { result, byMarks, acts: acts.json, byHand },
      text: [
        describeResult(result),
        ...acts.lines,
        ...byHand,
        ...(byMarks
          ? ["What the cutover released or raised on green is in no record any more: see to green by hand."]
          : []),
        ...(result.outcome === "nothing-to-do" ? [] : ["Next: clustershift status"]),
      ].join("\n"),
    };
  });
}

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
