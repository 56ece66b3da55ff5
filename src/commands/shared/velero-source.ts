import { resolve } from "node:path";
import { UserError } from "../../model/errors.js";
import { readBackup } from "../../velero/read-backup.js";
import { type BackupRecord, readBackupRecord } from "../../velero/side-file.js";
import { type Archive, type ArchiveOptions, clusterIdOf, pagesOf, versionOfArchive } from "./archive.js";
import type { Context } from "./command.js";

/** A Velero backup in blue's place: read whole and found sound, and finished. Throws `UserError` bundle-invalid where it's neither. */
export async function openVelero(path: string, options: ArchiveOptions, context: Context): Promise<Archive> {
  const { edges, progress } = context;
  const file = resolve(edges.cwd, path);
  const record = await readBackupRecord(file);
  requireFinished(path, record);
  const found = versionIn(record);
  const { version, by } = versionOfArchive(path, options, found);
  const backup = await readBackup(file, {
    signal: edges.signal,
    onProgress: (done) => progress.tick("reading the backup", { done, unit: "entries" }),
  });
  try {
    const clusterId = await clusterIdOf(backup.resources, backup.objects, options.plan);
    return {
      about: { kind: "velero", path, takenAt: record?.startedAt ?? null, versionBy: by },
      found,
      warnings: warnings(record).map((text) => `${path}: ${text}`),
      info: async () => ({ version, clusterId }),
      discover: async () => ({ resources: backup.resources, broken: [] }),
      pages: (resource) => pagesOf(backup.objects(resource)),
      count: (resource) => backup.count(resource),
      close: () => backup.close(),
    };
  } catch (error) {
    await backup.close();
    throw error;
  }
}

/** PartiallyFailed has ended, and is warned of: it may be all that there is. */
function requireFinished(path: string, record: BackupRecord | undefined): void {
  if (!record || ["Completed", "PartiallyFailed"].includes(record.phase)) return;
  throw new UserError({
    code: "bundle-invalid",
    what: `${path}: its velero-backup.json says ${record.phase || "no phase"}: it isn't whole.`,
    fix: "Take another backup of blue, or an older one from the object store.",
  });
}

function versionIn(record: BackupRecord | undefined): { version: string; because: string } | undefined {
  return record?.serverVersion === undefined
    ? undefined
    : { version: record.serverVersion, because: "says velero-backup.json" };
}

function warnings(record: BackupRecord | undefined): string[] {
  if (!record) return ["velero-backup.json isn't beside the backup: nothing says whether Velero finished it, nor when"];
  return record.phase === "PartiallyFailed" ? [`Velero says PartiallyFailed, with ${record.errors} error(s)`] : [];
}
