import { UserError } from "../model/errors.js";
import type { JournalEntry } from "../model/journal.js";
import type { PlannedVolume } from "../model/volumes.js";
import { textTable } from "../report/tables.js";
import { nameOf, onGreen } from "../volumes/edges.js";
import { boundNow, keptCopies, syncsIn } from "../volumes/history.js";
import { syncVolumes } from "../volumes/sync.js";
import { type Answer, type Command, type Context, dryRunOption, forceOptions } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { openProject, type Project } from "./shared/project.js";
import { readOnlyJournal } from "./shared/read-only-journal.js";
import { clockOf } from "./shared/targets.js";
import { forceOf, underGates } from "./shared/under-gates.js";
import { describeKept, movedBy, openCloudVolumes, termsOf } from "./shared/volumes.js";

export const volumesCommand: Command = {
  name: "volumes",
  summary: "Take snapshots of the volumes that will move, ahead of the cutover; or say how each claim's volume stands.",
  description:
    "sync takes a snapshot of each volume that the plan copies or hands over, while blue runs, and waits until AWS has completed them. Each has only what changed since the one before: run again, also right before the cutover, it makes the last one small, which is taken once blue's workloads have stopped. Nothing of blue is stopped or changed, and no snapshot is ever deleted. After an interruption the same command goes on. status shows, by plan and journal alone, what becomes of each claim's volume, the latest snapshot, and what green's claim was bound to. See docs/volumes.md.",
  positionals: [{ name: "action", describe: "What to do.", choices: ["sync", "status"] }],
  options: { ...dryRunOption, ...forceOptions },
  examples: [
    { command: "clustershift volumes status", what: "" },
    { command: "clustershift volumes sync --dry-run", what: "of which volumes snapshots would be taken" },
    { command: "clustershift volumes sync", what: "" },
  ],
  async run(args, context) {
    const project = await openProject(context);
    const run = await requireRun(project, context);
    const plan = await run.read("plan.json");
    if (!plan) throw new UserError({ code: "no-plan", what: "There is no plan yet.", fix: "clustershift plan" });
    if (args.action === "status") return status(plan.volumes ?? [], (await readOnlyJournal(run)).entries());
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

function status(volumes: readonly PlannedVolume[], entries: readonly JournalEntry[]): Answer {
  const bound = new Map(boundNow(entries).map((each) => [each.claim, each]));
  const { taken } = syncsIn(entries);
  const kept = keptCopies(entries);
  const rows = volumes.map((planned) => {
    const claim = nameOf(onGreen(planned));
    const last = taken.findLast((each) => each.claim === claim);
    return {
      claim: nameOf(planned.claim),
      strategy: planned.strategy,
      from: planned.handle,
      snapshot: last,
      green: bound.get(claim)?.handle,
    };
  });
  return {
    code: "ok",
    json: { volumes: rows, kept },
    text: [
      textTable({
        head: ["claim", "strategy", "volume", "latest snapshot", "green has"],
        rows: rows.map(({ claim, strategy, from = "", snapshot, green = "" }) => [
          claim,
          strategy,
          from,
          snapshot ? `${snapshot.snapshot}, ${snapshot.at}` : "",
          green,
        ]),
        numeric: [],
      }),
      ...describeKept(kept),
    ].join("\n"),
  };
}
