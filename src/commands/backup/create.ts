import { resolve } from "node:path";
import { stringify } from "yaml";
import { connectBackUp, type KubeBackUp } from "../../kube/back-up.js";
import { messageOf, UserError } from "../../model/errors.js";
import type { Journal } from "../../model/journal.js";
import type { JsonObject, KubeObject } from "../../model/objects.js";
import type { RunFolder } from "../../run/run-folder.js";
import { isBackupName } from "../../velero/address.js";
import { type BackupState, backupOf, createBackup, untilEnded } from "../../velero/make-backup.js";
import { creationStep } from "../shared/backup/created.js";
import { type Said, saidOf } from "../shared/backup/said.js";
import { connectBlue } from "../shared/clusters.js";
import { type Answer, type Command, type Context, dryRunOption } from "../shared/command.js";
import { findRun } from "../shared/find-run.js";
import { milliseconds, openProject, type Project } from "../shared/project.js";
import { clockOf } from "../shared/targets.js";
import { withJournal } from "../shared/under-gates.js";

export const backupCreateCommand: Command = {
  name: "backup create",
  summary: "Have blue's Velero make a backup, and wait until it has.",
  description:
    "Creates a Backup in blue's Velero by an identity of its own, which can create backups and nothing else (backup.velero, clustershift permissions blue-backup), waits until Velero has ended it, and says what isn't in it, object by object. Ctrl-C ends the waiting and leaves the backup going; the same command goes on, and makes no second one of that name.",
  positionals: [
    {
      name: "name",
      optional: true,
      describe: "The backup's name. Default: clustershift- and the run's id, one for each run.",
    },
  ],
  options: {
    "include-namespaces": { type: "string", describe: "These namespaces alone, separated by commas. Default: all." },
    "snapshot-volumes": {
      type: "boolean",
      describe: "Snapshots of volumes; --no-snapshot-volumes leaves them out. Default: as Velero is set up.",
    },
    ttl: { type: "string", describe: "How long Velero keeps it, for example 720h. Default: as Velero is set up." },
    ...dryRunOption,
  },
  examples: [
    { command: "clustershift backup create --dry-run", what: "the Backup that blue would get" },
    { command: "clustershift backup create before-cutover --ttl 2160h", what: "" },
  ],
  async run(args, context) {
    const project = await openProject(context);
    const run = await findRun(project, context);
    const velero = required(project);
    const backup = backupOf(nameFor(args.name, run), velero.namespace, specFor(args, velero.spec));
    if (args.dryRun)
      return {
        code: "ok",
        json: { dryRun: true, backup },
        text: `Would create on blue, by context ${velero.context}:\n${stringify(backup)}`.trimEnd(),
      };
    const blue = await connectBackUp({
      ...(velero.kubeconfig && { kubeconfig: resolve(project.dir, velero.kubeconfig) }),
      ...{ context: velero.context, namespace: velero.namespace, env: context.edges.env },
    });
    try {
      await requireMay(blue, project, run, context);
      // The lock is for the effect alone: others may work while Velero does.
      const made = run
        ? await withJournal("backup create", project, run, context, ({ journal }) => journalled(blue, backup, journal))
        : await createBackup(blue, backup);
      const state = await untilEnded(blue, backup, {
        ...{ clock: clockOf(context), signal: context.edges.signal, timeoutMs: milliseconds(velero.timeout) },
        onProgress: ({ phase, done, total }) =>
          context.progress.tick("backup", { done, ...(total !== undefined && { total }), unit: "items", at: phase }),
      });
      const said = await saidOf(blue, backup, state, project, context);
      return answerOf(backup, made, state, said);
    } finally {
      await blue.close();
    }
  },
};

type VeleroSettings = NonNullable<Project["config"]["backup"]["velero"]>;

function required({ config, file }: Project): VeleroSettings {
  if (config.backup.velero) return config.backup.velero;
  throw new UserError({
    code: "config-invalid",
    what: `${file}: backup.velero is missing, and blue is only read without it.`,
    fix: "Give it an identity of its own (clustershift permissions blue-backup), and name that: backup: { velero: { context: blue-backup } }",
  });
}

function nameFor(given: unknown, run: RunFolder | undefined): string {
  const name = given === undefined ? run && `clustershift-${run.id.toLowerCase()}` : String(given);
  if (name !== undefined && isBackupName(name)) return name;
  throw new UserError({
    code: "usage",
    what:
      name === undefined
        ? "There is no run yet that a backup could be named after."
        : `"${name}" is no name for a backup.`,
    fix: "Name it in small letters, digits, - and dots: clustershift backup create before-cutover",
  });
}

/** The command line goes before the configuration. */
function specFor({ includeNamespaces, snapshotVolumes, ttl }: Record<string, unknown>, spec: JsonObject): JsonObject {
  const namespaces = includeNamespaces === undefined ? undefined : String(includeNamespaces).split(",");
  return {
    includedNamespaces: ["*"],
    ...spec,
    ...(namespaces && { includedNamespaces: namespaces }),
    ...(typeof snapshotVolumes === "boolean" && { snapshotVolumes }),
    ...(ttl !== undefined && { ttl: String(ttl) }),
  };
}

/** Nothing is created before it's sure that this is blue, and that it may be. */
async function requireMay(
  client: KubeBackUp,
  project: Project,
  run: RunFolder | undefined,
  context: Context,
): Promise<void> {
  const fix = "Mend backup.velero: clustershift permissions blue-backup prints what its identity needs.";
  const plan = await run?.read("plan.json");
  const its = (await client.info()).clusterId;
  const blue = plan?.blue.clusterId ?? (await clusterIdOfBlue(project, context));
  if (its !== blue)
    throw new UserError({
      code: "config-invalid",
      what: `Context ${client.name} leads to the cluster ${its}, and blue is ${blue}. Nothing was created.`,
      fix,
    });
  const lack = await client.lacks();
  if (lack !== undefined)
    throw new UserError({
      code: "config-invalid",
      what: `Context ${client.name} may not have a backup made: ${lack}. Nothing was created.`,
      fix,
    });
}

async function clusterIdOfBlue(project: Project, context: Context): Promise<string> {
  const blue = await connectBlue(project, context);
  try {
    return (await blue.info()).clusterId;
  } finally {
    await blue.close();
  }
}

async function journalled(blue: KubeBackUp, backup: KubeObject, journal: Journal): Promise<"made" | "there"> {
  const { name, namespace } = backup.metadata;
  const step = creationStep(name);
  const last = journal.entries().findLast((entry) => entry.type !== "event" && entry.step === step);
  if (last?.type !== "intent" && last?.type !== "done")
    await journal.append({
      ...{ type: "intent", step, phase: "backup", what: `have blue's Velero make the backup ${name}` },
      ...{ target: `Backup ${namespace}/${name}`, before: null, after: backup },
    });
  try {
    const made = await createBackup(blue, backup);
    if (last?.type !== "done") await journal.append({ type: "done", step, result: { backup: name } });
    return made;
  } catch (error) {
    if (error instanceof UserError && error.code !== "cluster-unreachable" && last?.type !== "done")
      await journal.append({ type: "failed", step, error: messageOf(error) });
    throw error;
  }
}

function answerOf(
  { metadata: { name } }: KubeObject,
  made: "made" | "there",
  state: BackupState,
  { location, errors: said, warnings: warned, unread }: Said,
): Answer {
  const { phase, done, errors, warnings, reasons, expiresAt, startedAt } = state;
  const whole = phase === "Completed";
  const path =
    location && `velero:s3://${location.bucket}${location.prefix === "" ? "" : `/${location.prefix}`}#${name}`;
  return {
    code: whole ? "ok" : "backup-failed",
    json: {
      backup: name,
      made: made === "made",
      path: path ?? null,
      ...state,
      said: { errors: said, warnings: warned },
      unread: unread ?? null,
    },
    text: [
      `Backup   ${name}: ${phase}${made === "there" ? ", of an earlier call" : ""}`,
      ...(startedAt ? [`Begun    ${startedAt}${expiresAt ? `, kept until ${expiresAt}` : ""}`] : []),
      `Holds    ${done} items; ${errors} error(s), ${warnings} warning(s)`,
      ...(path ? [`Lies at  ${path}`] : []),
      ...reasons.map((reason) => `Failed   ${reason}`),
      ...said.map((text) => `Error    ${text}`),
      ...warned.map((text) => `Warning  ${text}`),
      ...(unread === undefined || errors + warnings === 0 ? [] : [`Velero's words can't be read: ${unread}`]),
      whole
        ? `Next: clustershift backup verify ${path ?? "velero:s3://BUCKET[/PREFIX]#NAME"}`
        : "It isn't what would bring blue back. Mend what Velero names, then under another name: clustershift backup create NAME",
    ].join("\n"),
  };
}
