import pLimit from "p-limit";
import type { Bucket } from "../aws/s3.js";
import { UserError } from "../model/errors.js";
import { addressForm, isBackupName } from "./address.js";
import type { BackupFiles } from "./files.js";
import { defaultLimits } from "./limits.js";
import { type BackupRecord, parseRecord, recordFile } from "./record.js";
import { refused } from "./refused.js";
import { type BackupRemark, readResults } from "./results.js";

export interface Store {
  bucket: Bucket;
  /** Without slashes at its ends. */
  prefix: string;
}

/** The files of one backup in a store. Throws `UserError` bundle-invalid where there is no such backup, or not all of it. */
export async function filesInStore(store: Store, backup: string, signal: AbortSignal): Promise<BackupFiles> {
  const archive = `${backup}.tar.gz`;
  const files = await filesIn(store, `${backupsOf(store)}${backup}/`, { name: backup, archive }, signal);
  if (files.sizes.size === 0) throw noBackup(store, backup, await listBackups(store, signal));
  for (const file of [archive, recordFile]) {
    if (files.sizes.has(file)) continue;
    throw refused(
      files.shown(file),
      `isn't there, so that this is no whole backup: its folder has ${[...files.sizes.keys()].join(", ")}`,
      undefined,
      "incomplete",
    );
  }
  return files;
}

/** What Velero says of a restore that has ended; empty where it wrote nothing of it. Throws `UserError` bundle-invalid. */
export async function restoreRemarks(store: Store, restore: string, signal: AbortSignal): Promise<BackupRemark[]> {
  const folder = `${folderOf(store, "restores")}${restore}/`;
  const files = await filesIn(store, folder, { name: `restore-${restore}`, archive: "" }, signal);
  return readResults(files, defaultLimits, signal);
}

/** What Velero says of a backup that has ended, also of one that nothing is to be restored from. Throws `UserError` bundle-invalid. */
export async function backupRemarks(store: Store, backup: string, signal: AbortSignal): Promise<BackupRemark[]> {
  const files = await filesIn(store, `${backupsOf(store)}${backup}/`, { name: backup, archive: "" }, signal);
  return readResults(files, defaultLimits, signal);
}

async function filesIn(
  store: Store,
  folder: string,
  named: Pick<BackupFiles, "name" | "archive">,
  signal: AbortSignal,
): Promise<BackupFiles> {
  const objects = new Map<string, { key: string; size: number; etag: string }>();
  for (const { key, size, etag } of await store.bucket.keys(folder, signal)) {
    const file = key.slice(folder.length);
    if (file !== "" && !file.includes("/")) objects.set(file, { key, size, etag });
  }
  return {
    ...named,
    sizes: new Map([...objects].map(([file, { size }]) => [file, size])),
    shown: (file) => `s3://${store.bucket.name}/${folder}${file}`,
    read(file, given = signal) {
      const object = objects.get(file);
      if (!object) throw new Error(`${file} isn't among the files of ${named.name}`);
      return store.bucket.read(object, given);
    },
  };
}

/** One backup of a store; without a record where its own can't be read, or isn't there. */
export interface StoredBackup {
  name: string;
  /** Of all that lies in its folder. */
  bytes: number;
  record?: BackupRecord;
}

/** Records that are read side by side: schedules leave hundreds of backups. */
const atOnce = 8;

/** All backups in a store, the newest first. */
export async function listBackups(store: Store, signal: AbortSignal): Promise<StoredBackup[]> {
  const names = await store.bucket.folders(backupsOf(store), signal);
  const limit = pLimit(atOnce);
  const read = async (name: string): Promise<StoredBackup> => {
    const objects = await store.bucket.keys(`${backupsOf(store)}${name}/`, signal);
    const record = await recordOf(store, name, objects, signal);
    return { name, bytes: objects.reduce((sum, { size }) => sum + size, 0), ...(record && { record }) };
  };
  const backups = await Promise.all(names.filter(isBackupName).map((name) => limit(read, name)));
  const startedAt = ({ record }: StoredBackup) => record?.startedAt ?? "";
  return backups.sort((a, b) => (startedAt(a) > startedAt(b) ? -1 : startedAt(a) < startedAt(b) ? 1 : 0));
}

async function recordOf(
  store: Store,
  name: string,
  objects: Awaited<ReturnType<Bucket["keys"]>>,
  signal: AbortSignal,
): Promise<BackupRecord | undefined> {
  const key = `${backupsOf(store)}${name}/${recordFile}`;
  const object = objects.find((each) => each.key === key);
  if (!object || object.size > defaultLimits.recordBytes) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of store.bucket.read(object, signal)) chunks.push(chunk);
  try {
    return parseRecord(Buffer.concat(chunks), name, `s3://${store.bucket.name}/${key}`, defaultLimits);
  } catch (error) {
    // A list shows what there is, and this as something that nothing is known of.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** The name of the newest backup that Velero completed. Throws `UserError` usage where there is none. */
export async function latestBackup(store: Store, signal: AbortSignal): Promise<string> {
  const backups = await listBackups(store, signal);
  const latest = backups.find(({ record }) => record?.phase === "Completed" && record.startedAt !== undefined);
  if (latest) return latest.name;
  throw chooseOne(`${shownStore(store)} has no backup that Velero completed.`, backups);
}

/** What to choose from, as an error: nothing is taken that nobody named. */
export async function nothingNamed(store: Store, signal: AbortSignal): Promise<UserError> {
  return chooseOne(`--from velero:${shownStore(store)} names no backup.`, await listBackups(store, signal));
}

function noBackup(store: Store, backup: string, backups: readonly StoredBackup[]): UserError {
  return chooseOne(`There is no backup ${backup} in ${shownStore(store)}.`, backups);
}

const mostListed = 50;

function chooseOne(what: string, backups: readonly StoredBackup[]): UserError {
  const lines = backups.slice(0, mostListed).map(lineOf);
  const more = backups.length > mostListed ? [`  and ${backups.length - mostListed} older ones`] : [];
  const none = backups.length === 0;
  return new UserError({
    code: "usage",
    what: none ? `${what} There is none at all.` : [`${what} There are, newest first:`, ...lines, ...more].join("\n"),
    fix: none
      ? "Check bucket and prefix: they're those of Velero's BackupStorageLocation, and backups lie below PREFIX/backups/."
      : `Name one: --from ${addressForm}; #latest takes the newest that Velero completed.`,
  });
}

function lineOf({ name, record }: StoredBackup): string {
  if (!record) return `  ${name}: ${recordFile} isn't there, or can't be read`;
  const { phase, startedAt = "begun nobody knows when", items, errors, warnings } = record;
  const counted = items === undefined ? "items unknown" : `${items} items`;
  return `  ${name}: ${phase || "no phase"}, ${startedAt}, ${counted}, ${errors} error(s), ${warnings} warning(s)`;
}

function backupsOf(store: Store): string {
  return folderOf(store, "backups");
}

function folderOf({ prefix }: Store, what: "backups" | "restores"): string {
  return prefix === "" ? `${what}/` : `${prefix}/${what}/`;
}

function shownStore({ bucket, prefix }: Store): string {
  return `s3://${bucket.name}${prefix === "" ? "" : `/${prefix}`}`;
}
