import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { readManifest } from "../../bundle/read.js";
import { stringify } from "../../kube/json.js";
import { type BackupVerification, withVerification } from "../../model/backup.js";
import { formatDuration } from "../../model/duration.js";
import { UserError } from "../../model/errors.js";
import { oneLine } from "../../model/plain-text.js";
import { rates } from "../../plan/budget.js";
import { textTable } from "../../report/tables.js";
import { writeFileAtomic } from "../../run/atomic-file.js";
import type { RunFolder } from "../../run/run-folder.js";
import { controlVersionFor } from "../../sandbox/choices.js";
import { exists } from "../shared/archive.js";
import { type VerifyRequest, verifyBackup } from "../shared/backup/verify.js";
import { connectBlue, identityPath } from "../shared/clusters.js";
import { type Answer, type Command, type Context, dryRunOption } from "../shared/command.js";
import { findRun, requireRun } from "../shared/find-run.js";
import { kindOfArchive } from "../shared/open-archive.js";
import { openProject, type Project } from "../shared/project.js";
import { withJournal } from "../shared/under-gates.js";

export const backupVerifyCommand: Command = {
  name: "backup verify",
  summary: "Restore a backup of blue into a throw-away control plane, and compare.",
  description:
    "Reads a backup whole, restores it into an etcd and an API server of blue's own version on this machine (the nearest newer one where there is none), reads all of it back and compares it with what the backup says; and where blue answers, with what blue lists: what is missing is named, what changed since is told. Every defect is named. Neither cluster is written to, and nothing is left of the control plane. The result goes into backup.json, where the gates of cutover and teardown look (backup.require); of another backup than this run's blue, beside it.",
  positionals: [
    {
      name: "backup",
      optional: true,
      describe:
        "A bundle, a folder of YAML or JSON, Velero's backups/NAME/NAME.tar.gz, or velero:s3://BUCKET[/PREFIX]#BACKUP. Default: the run's bundle.",
    },
  ],
  options: {
    "from-version": {
      type: "string",
      describe: "The version of Kubernetes that the backup is of, where the backup itself doesn't say it.",
    },
    "without-blue": { type: "boolean", default: false, describe: "Don't ask blue, also where it answers." },
    ...dryRunOption,
  },
  examples: [
    { command: "clustershift backup verify", what: "the run's bundle" },
    { command: "clustershift backup verify velero:s3://acme-backups/velero#latest", what: "" },
  ],
  async run(args, context) {
    const project = await openProject(context);
    const path = args.backup === undefined ? undefined : String(args.backup);
    const run = path === undefined ? await requireRun(project, context) : await findRun(project, context);
    const request = await requestFor(project, run, args, path, context);
    if (args.dryRun) return dryRun(request, context);
    const verification = run
      ? await withJournal("backup verify", project, run, context, async ({ journal }) => {
          const found = await verifyBackup({ ...request, dir: run.path("verification") }, context);
          if (!isOfRun(found, request, run.bundlePath)) return found;
          await run.write("backup.json", withVerification(await run.read("backup.json"), found));
          const { backup, outcome, defects } = found;
          const data = { ...backup, outcome, defects: defects.length };
          await journal.append({ type: "event", phase: "backup", event: "verified", data });
          return found;
        })
      : await verifyBackup(request, context);
    const written =
      run && isOfRun(verification, request, run.bundlePath)
        ? run.path("backup.json")
        : await writeBeside(verification, context);
    return answerOf(verification, written);
  },
};

async function requestFor(
  project: Project,
  run: RunFolder | undefined,
  args: Record<string, unknown>,
  path: string | undefined,
  context: Context,
): Promise<VerifyRequest> {
  const plan = await run?.read("plan.json");
  const green = await run?.read("green.json");
  if (path === undefined && run && !(await exists(run.bundlePath)))
    throw new UserError({
      code: "bundle-missing",
      what: "There is no bundle of blue in this run.",
      fix: "clustershift export; or name a backup: clustershift backup verify velero:s3://BUCKET#BACKUP",
    });
  const { config, dir } = project;
  const identity = run
    ? identityPath(project, run)
    : config.bundle.identityFile && resolve(dir, config.bundle.identityFile);
  return {
    path: path ?? run?.bundlePath ?? "",
    options: {
      ...(args.fromVersion !== undefined && { fromVersion: String(args.fromVersion) }),
      ...(identity && { identityFile: identity }),
      ...(plan && { plan }),
      aws: config.aws,
    },
    plan,
    openBlue: args.withoutBlue ? undefined : () => connectBlue(project, context),
    never: [plan?.blue.clusterId, green?.clusterId].flatMap((id) => id ?? []),
    concurrency: config.replay.concurrency,
  };
}

/** What is of another cluster says nothing of this run's blue, and its result isn't kept as if it did. */
function isOfRun({ source, backup }: BackupVerification, { plan, path }: VerifyRequest, runBundle: string): boolean {
  if (!plan) return false;
  return source === null
    ? runBundle === path || backup.path === plan.archive?.path
    : source.clusterId === plan.blue.clusterId;
}

/** Of an object store nothing is written anywhere. */
async function writeBeside(verification: BackupVerification, { edges }: Context): Promise<string | undefined> {
  const { kind, path } = verification.backup;
  const local = path.replace(/^velero:/, "");
  if (local.startsWith("s3://")) return undefined;
  const place = resolve(edges.cwd, local);
  const file = kind === "bundle" ? join(dirname(place), "backup.json") : `${place}.backup.json`;
  await writeFileAtomic(file, `${stringify(withVerification(undefined, verification), 2)}\n`);
  return file;
}

async function dryRun({ path, options, openBlue }: VerifyRequest, context: Context): Promise<Answer> {
  const kind = await kindOfArchive(path, context);
  const place = resolve(context.edges.cwd, path);
  const manifest = kind === "bundle" ? await readManifest(place) : undefined;
  const version = options.fromVersion ?? manifest?.source.version ?? options.plan?.blue.version;
  const control = version === undefined ? undefined : controlVersionFor(version);
  const objects = manifest?.objects ?? options.plan?.kinds.reduce((sum, { count }) => sum + count, 0);
  const size = manifest?.kinds.reduce((sum, { bytes }) => sum + bytes, 0) ?? (await bytesOf(place));
  const seconds = objects === undefined ? undefined : 60 + Math.ceil(objects / rates.replay);
  return {
    code: "ok",
    json: {
      ...{ dryRun: true, backup: { kind, path }, bytes: size ?? null, objects: objects ?? null },
      ...{ control: control ?? null, asksBlue: openBlue !== undefined, seconds: seconds ?? null },
    },
    text: [
      `Would read ${path}, a ${kind}${objects === undefined ? "" : `, of about ${objects} objects`}${size === undefined ? "" : `, ${size} bytes`}.`,
      openBlue ? "Would list all that blue has, to compare." : "Would not ask blue.",
      control
        ? `Would start a throw-away control plane of Kubernetes ${control.version} (${control.because}), and restore into it.`
        : "Would start a throw-away control plane of the version that the backup says, and restore into it.",
      ...(seconds === undefined ? [] : [`That takes at most about ${formatDuration(seconds * 1000)}.`]),
    ].join("\n"),
  };
}

async function bytesOf(place: string): Promise<number | undefined> {
  return stat(place).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  );
}

function answerOf(verification: BackupVerification, written: string | undefined): Answer {
  const { backup, source, restoredInto, blue, notCompared, objects, kinds, declared, defects, warnings } = verification;
  const passed = verification.outcome === "passed";
  const rows = Object.entries(kinds).map(([kind, its]) => [
    kind,
    String(its.objects),
    String(its.arrived),
    String(its.declared),
    blue ? String(its.blue ?? 0) : "-",
  ]);
  const since = blue?.changedSince;
  return {
    code: passed ? "ok" : "backup-unfit",
    json: { verification, written: written ?? null },
    text: [
      textTable({ head: ["kind", "in the backup", "arrived", "declared", "on blue"], rows, numeric: [1, 2, 3, 4] }),
      "",
      `Backup    ${backup.path}${backup.identity === null ? "" : `, ${backup.identity.slice(0, 12)}`}`,
      `Taken     ${backup.takenAt ?? "nothing says when"}${source ? `, of ${source.version}, cluster ${source.clusterId}` : ""}`,
      `Restored  ${restoredInto ? `${objects} objects into Kubernetes ${restoredInto.version}: ${restoredInto.because}` : "no: it can't be read"}`,
      `Blue      ${blue ? `${blue.objects} objects now; since the backup ${since?.made} made, ${since?.changed} changed, ${since?.gone} gone` : `not compared: ${notCompared}`}`,
      ...Object.entries(declared).map(([name, count]) => `Declared  ${name}: ${count}`),
      ...warnings.map((warning) => `Warning   ${oneLine(warning)}`),
      ...defects.map(({ id, what }) => `Defect    ${id}: ${oneLine(what)}`),
      ...(written ? [`Written   ${written}`] : []),
      passed ? "It is whole: it was restored, and all of it arrived." : `It isn't fit: ${defects.length} defect(s).`,
    ].join("\n"),
  };
}
