import { bundleHash } from "../../bundle/manifest.js";
import { readManifest } from "../../bundle/read.js";
import type { BackupVerification } from "../../model/backup.js";
import { UserError } from "../../model/errors.js";
import { textTable } from "../../report/tables.js";
import { listRuns, RunFolder } from "../../run/run-folder.js";
import { addressForm, parseVeleroAddress } from "../../velero/address.js";
import { exists } from "../shared/archive.js";
import type { Command, Context } from "../shared/command.js";
import { openProject, type Project } from "../shared/project.js";
import { openStoreBucket } from "../shared/velero-source.js";

/** One backup, as a list shows it. */
interface Listed {
  kind: "bundle" | "velero";
  path: string;
  takenAt: string | null;
  bytes: number | null;
  objects: number | null;
  /** Velero's word; of a bundle, whether its manifest can be read. */
  phase: string;
  /** Velero's Schedule that made it; null where somebody asked for it. */
  schedule: string | null;
  /** When Velero deletes it; null where nobody does by itself. */
  expiresAt: string | null;
  verified: { at: string; outcome: BackupVerification["outcome"] } | null;
}

export const backupListCommand: Command = {
  name: "backup list",
  summary:
    "List the backups of blue: when, how large, how Velero ended, which schedule made them, how long they're kept, and whether they were verified.",
  description:
    "Lists the bundles of all runs, and the backups in Velero's object store: the one that is named, else the one that the newest run's plan was made from. Changes nothing.",
  positionals: [{ name: "store", optional: true, describe: "Velero's object store: velero:s3://BUCKET[/PREFIX]." }],
  options: {},
  examples: [{ command: "clustershift backup list velero:s3://acme-backups/velero", what: "" }],
  async run(args, context) {
    const project = await openProject(context);
    const runs = (await listRuns(project.runsDir)).map((id) => new RunFolder(project.runsDir, id));
    const verifications: BackupVerification[] = [];
    for (const run of runs) verifications.push(...((await run.read("backup.json"))?.verifications ?? []));
    const bundles: Listed[] = [];
    for (const run of runs) if (await exists(run.bundlePath)) bundles.push(await bundleOf(run, verifications));
    const store = args.store === undefined ? await plannedStore(runs.at(-1)) : String(args.store);
    const stored = store === undefined ? [] : await inStore(store, project, verifications, context);
    const backups = [...bundles, ...stored];
    return {
      code: "ok",
      json: { backups },
      text: backups.length > 0 ? tableOf(backups) : "There is no backup yet: clustershift export",
    };
  },
};

async function bundleOf(run: RunFolder, verifications: readonly BackupVerification[]): Promise<Listed> {
  const path = run.bundlePath;
  try {
    const manifest = await readManifest(path);
    const hash = bundleHash(manifest);
    return {
      ...{ kind: "bundle", path, takenAt: manifest.exportedAt, objects: manifest.objects, phase: "whole" },
      ...{ bytes: manifest.kinds.reduce((sum, { bytes }) => sum + bytes, 0), expiresAt: null, schedule: null },
      verified: verifiedBy(verifications.findLast(({ backup }) => backup.identity === hash)),
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const unknown = { takenAt: null, bytes: null, objects: null, expiresAt: null, schedule: null, verified: null };
    return { kind: "bundle", path, ...unknown, phase: error.defects?.[0]?.id ?? "unreadable" };
  }
}

async function plannedStore(run: RunFolder | undefined): Promise<string | undefined> {
  const archive = (await run?.read("plan.json"))?.archive;
  const paths = archive?.parts?.map(({ path }) => path) ?? [archive?.path ?? ""];
  return paths.find((path) => path.startsWith("velero:s3://"))?.replace(/#.*$/, "");
}

async function inStore(
  text: string,
  { config }: Project,
  verifications: readonly BackupVerification[],
  context: Context,
): Promise<Listed[]> {
  const address = parseVeleroAddress(text);
  if (address?.kind !== "bucket")
    throw new UserError({
      code: "usage",
      what: `${text} names no object store.`,
      fix: `Write ${addressForm.replace("#BACKUP", "")}`,
    });
  const { listBackups } = await import("../../velero/store.js");
  const bucket = await openStoreBucket(text, address.bucket, config.aws, context);
  try {
    const { prefix } = address;
    const backups = await listBackups({ bucket, prefix }, context.edges.signal);
    return backups
      .filter(({ name }) => address.backup === undefined || address.backup === name)
      .map(({ name, bytes, record }) => {
        const path = `velero:s3://${bucket.name}${prefix === "" ? "" : `/${prefix}`}#${name}`;
        const takenAt = record?.startedAt ?? null;
        const its = verifications.findLast(({ backup }) => backup.path === path && backup.takenAt === takenAt);
        return {
          ...{ kind: "velero" as const, path, takenAt, bytes, objects: record?.items ?? null },
          schedule: record?.schedule ?? null,
          ...{ phase: record?.phase ?? "unknown", expiresAt: record?.expiresAt ?? null, verified: verifiedBy(its) },
        };
      });
  } finally {
    bucket.close();
  }
}

function verifiedBy(verification: BackupVerification | undefined): Listed["verified"] {
  return verification ? { at: verification.at, outcome: verification.outcome } : null;
}

function tableOf(backups: readonly Listed[]): string {
  return textTable({
    head: ["backup", "taken", "objects", "bytes", "phase", "schedule", "kept until", "verified"],
    rows: backups.map(({ path, takenAt, objects, bytes, phase, schedule, expiresAt, verified }) => [
      path,
      takenAt ?? "unknown",
      String(objects ?? "?"),
      String(bytes ?? "?"),
      phase || "none",
      schedule ?? "none",
      expiresAt ?? "removed by hand",
      verified ? `${verified.outcome} ${verified.at}` : "no",
    ]),
    numeric: [2, 3],
  });
}
