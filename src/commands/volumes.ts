import { UserError } from "../model/errors.js";
import type { Journal, JournalEntry } from "../model/journal.js";
import type { Plan } from "../model/plan.js";
import { restoredByVelero, restoredIn } from "../model/restored.js";
import { claimName, type PlannedVolume } from "../model/volumes.js";
import { textTable } from "../report/tables.js";
import type { RunFolder } from "../run/run-folder.js";
import { nameOf } from "../volumes/edges.js";
import { boundNow, keptCopies, syncsIn } from "../volumes/history.js";
import { syncVolumes } from "../volumes/sync.js";
import { connectGreen } from "./shared/clusters.js";
import { type Answer, type Command, type Context, dryRunOption, forceOptions } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { openProject, type Project } from "./shared/project.js";
import { readOnlyJournal } from "./shared/read-only-journal.js";
import { type RestoreScene, restoreDryRun, restoreOnGreen } from "./shared/restore-volumes.js";
import { clockOf } from "./shared/targets.js";
import { forceOf, underGates } from "./shared/under-gates.js";
import { describeKept, movedBy, openCloudVolumes, termsOf } from "./shared/volumes.js";

export const volumesCommand: Command = {
  name: "volumes",
  summary:
    "Take snapshots of volumes that will move, have Velero restore its own, or say how each claim's volume stands.",
  description:
    "sync takes a snapshot of each volume that the plan copies or hands over, while blue runs, and waits until AWS has completed them. Each has only what changed since the one before: run again, also right before the cutover, it makes the last one small, which is taken once blue's workloads have stopped. Nothing of blue is stopped or changed, and no snapshot is ever deleted. After an interruption the same command goes on. restore has green's Velero restore the claims that the plan leaves to it, with what lies in their volumes and nothing else, one Restore for each namespace; waits until they have ended, names what failed object by object, and sees that each claim is bound to a volume that is there, in a zone of green's and large enough. What green has already is never touched. Tried again, it goes on with what isn't restored. status shows, by plan and journal alone, what becomes of each claim's volume, the latest snapshot, and what green's claim was bound to. See docs/volumes.md.",
  positionals: [{ name: "action", describe: "What to do.", choices: ["sync", "restore", "status"] }],
  options: {
    backup: {
      type: "string",
      describe:
        "Of restore: the backup of Velero's. Default: volumes.velero.backup, else the one that the plan was made from, else the last of backup create.",
    },
    ...dryRunOption,
    ...forceOptions,
  },
  examples: [
    { command: "clustershift volumes status", what: "" },
    { command: "clustershift volumes sync --dry-run", what: "of which volumes snapshots would be taken" },
    { command: "clustershift volumes sync", what: "" },
    { command: "clustershift volumes restore --dry-run", what: "which Restores green's Velero would get" },
    { command: "clustershift volumes restore --backup nightly-20260307", what: "" },
  ],
  async run(args, context) {
    const project = await openProject(context);
    const run = await requireRun(project, context);
    const plan = await run.read("plan.json");
    if (!plan) throw new UserError({ code: "no-plan", what: "There is no plan yet.", fix: "clustershift plan" });
    if (args.action === "status")
      return status(
        plan.volumes ?? [],
        (await readOnlyJournal(run)).entries(),
        (await run.read("green.json"))?.clusterId,
      );
    if (args.action === "restore") return restore(args, plan, project, run, context);
    if (args.backup !== undefined)
      throw new UserError({
        code: "usage",
        what: "--backup is of volumes restore alone.",
        fix: "clustershift volumes restore --backup NAME",
      });
    const moved = movedBy(plan);
    if (args.dryRun) {
      return {
        code: "ok",
        json: { dryRun: true, volumes: moved },
        text: [
          `Would take a snapshot of each of ${moved.length} volume(s).`,
          ...moved.map(({ claim, handle, size = "" }) => `  ${handle} of ${nameOf(claim)} ${size}`.trimEnd()),
        ].join("\n"),
      };
    }
    return underGates("volumes", project, run, context, forceOf(args), async ({ journal }) =>
      sync(moved, project, run, journal, context),
    );
  },
};

async function restore(
  args: Record<string, unknown>,
  plan: Plan,
  project: Project,
  run: RunFolder,
  context: Context,
): Promise<Answer> {
  if (restoredByVelero(plan).length === 0)
    return { code: "ok", json: { volumes: [] }, text: "The plan leaves no volume to Velero." };
  const named = args.backup === undefined ? undefined : String(args.backup);
  const withGreen = async (journal: Journal, work: (scene: RestoreScene) => Promise<Answer>): Promise<Answer> => {
    const record = await run.read("green.json");
    if (!record)
      throw new UserError({ code: "green-missing", what: "There is no green cluster yet.", fix: "clustershift up" });
    const green = await connectGreen(project, run, record, context);
    try {
      return await work({ project, run, plan, record, green, journal, context, named });
    } finally {
      await green.close();
    }
  };
  if (args.dryRun) return withGreen(await readOnlyJournal(run), restoreDryRun);
  return underGates("volumes restore", project, run, context, forceOf(args), ({ journal }) =>
    withGreen(journal, restoreOnGreen),
  );
}

async function sync(
  moved: readonly PlannedVolume[],
  project: Project,
  run: { id: string },
  journal: Parameters<typeof syncVolumes>[2]["journal"],
  context: Context,
): Promise<Answer> {
  if (moved.length === 0)
    return { code: "ok", json: { volumes: [] }, text: "The plan copies no volume and hands none over." };
  const cloud = await openCloudVolumes(project, context);
  try {
    const outcomes = await syncVolumes(moved, termsOf(project, run), {
      ...{ cloud, journal, clock: clockOf(context), signal: context.edges.signal },
      onProgress: (line) => context.progress.line(`volumes: ${line}`),
    });
    const failed = outcomes.filter((each) => each.failed !== undefined);
    return {
      code: failed.length > 0 ? "effect-failed" : "ok",
      json: { volumes: outcomes },
      text: [
        `${outcomes.length - failed.length} of ${outcomes.length} snapshot(s) are complete.`,
        ...failed.map(({ claim, failed }) => `  NOT ${nameOf(claim)}: ${failed}`),
        failed.length > 0 ? "Mend that, then: clustershift volumes sync" : "Next: clustershift status",
      ].join("\n"),
    };
  } finally {
    cloud.close();
  }
}

function status(
  volumes: readonly PlannedVolume[],
  entries: readonly JournalEntry[],
  clusterId: string | undefined,
): Answer {
  const restored = restoredIn(entries, clusterId);
  const bound = new Map(boundNow(entries).map((each) => [each.claim, each]));
  const { taken } = syncsIn(entries);
  const kept = keptCopies(entries);
  const rows = volumes.map((planned) => {
    const claim = claimName(planned);
    const last = taken.findLast((each) => each.claim === claim);
    return {
      claim: nameOf(planned.claim),
      strategy: planned.strategy,
      from: planned.handle,
      snapshot: last,
      restored: restored.get(claim)?.restore,
      green: bound.get(claim)?.handle ?? restored.get(claim)?.handle,
    };
  });
  return {
    code: "ok",
    json: { volumes: rows, kept },
    text: [
      textTable({
        head: ["claim", "strategy", "volume", "latest snapshot", "green has"],
        rows: rows.map(({ claim, strategy, from = "", snapshot, restored: by, green }) => [
          claim,
          strategy,
          from,
          snapshot ? `${snapshot.snapshot}, ${snapshot.at}` : "",
          green ??
            (strategy !== "velero" ? "" : by === undefined ? "nothing yet: volumes restore" : `restored by ${by}`),
        ]),
        numeric: [],
      }),
      ...describeKept(kept),
    ].join("\n"),
  };
}
