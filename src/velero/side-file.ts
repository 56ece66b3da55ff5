import type { BackupFiles } from "./files.js";
import { gunzip } from "./gunzip.js";
import type { Limits } from "./limits.js";
import { parseJson } from "./parse-json.js";
import { refused } from "./refused.js";

/** What one of the gzipped files beside the archive says; undefined where there is none. Throws `UserError` bundle-invalid. */
export async function readSideFile(
  files: BackupFiles,
  file: string,
  limits: Limits,
  signal?: AbortSignal,
): Promise<unknown> {
  if (!files.sizes.has(file)) return undefined;
  const where = files.shown(file);
  const chunks: Buffer[] = [];
  const most = { ...limits, bytes: limits.sideBytes };
  for await (const chunk of gunzip(files.read(file, signal), where, most)) chunks.push(chunk);
  return parseJson(Buffer.concat(chunks), where, { depth: limits.depth, values: limits.entries });
}

/** Reads Velero's log to its end, only to see that it is whole. */
export async function checkLog(files: BackupFiles, limits: Limits, signal?: AbortSignal): Promise<void> {
  const file = `${files.name}-logs.gz`;
  if (!files.sizes.has(file)) return;
  const most = { ...limits, bytes: limits.logBytes };
  for await (const _ of gunzip(files.read(file, signal), files.shown(file), most)) signal?.throwIfAborted();
}

/** The lists of what Velero did with volumes: their data isn't in the archive. */
const volumeLists = {
  volumesnapshots: "snapshots",
  "csi-volumesnapshots": "csi",
  podvolumebackups: "files",
} as const;

/** Read for nothing but their soundness, and that they're this backup's. */
const otherLists = ["csi-volumesnapshotcontents", "csi-volumesnapshotclasses", "itemoperations", "volumeinfo"];

/** How many volumes of each kind Velero has data of elsewhere. */
export type Volumes = Record<(typeof volumeLists)[keyof typeof volumeLists], number>;

export async function readVolumes(files: BackupFiles, limits: Limits, signal?: AbortSignal): Promise<Volumes> {
  const volumes: Volumes = { snapshots: 0, csi: 0, files: 0 };
  for (const [list, field] of Object.entries(volumeLists))
    volumes[field] = (await readList(files, list, limits, signal)).length;
  for (const list of otherLists) await readList(files, list, limits, signal);
  return volumes;
}

/** One of the lists beside the archive; empty where there is none. Throws `UserError` bundle-invalid where it's another backup's. */
export async function readList(
  files: BackupFiles,
  list: string,
  limits: Limits,
  signal?: AbortSignal,
): Promise<unknown[]> {
  const file = `${files.name}-${list}.json.gz`;
  const value = await readSideFile(files, file, limits, signal);
  // Go writes null for a list of nothing.
  if (value === undefined || value === null) return [];
  const where = files.shown(file);
  if (!Array.isArray(value)) throw refused(where, "is JSON, but no list");
  for (const each of value) {
    const of = backupOf(each);
    if (of !== undefined && of !== files.name)
      throw refused(where, `is of backup ${JSON.stringify(of)}, not of ${files.name}`);
  }
  return value;
}

/** Where such a list says which backup its items are of: in the specification of Velero's own, by a label of Kubernetes' objects. */
function backupOf(item: unknown): unknown {
  const at = (value: unknown, ...path: string[]): unknown =>
    path.reduce<unknown>((inner, field) => (inner as Record<string, unknown> | null | undefined)?.[field], value);
  return at(item, "spec", "backupName") ?? at(item, "metadata", "labels", "velero.io/backup-name");
}
