import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { migrations } from "../../migrations/index.js";
import { broughtTo } from "../../migrations/shared/brought-to.js";
import { parse } from "../kube/json.js";
import { type ApiResource, apiVersionOf, type KubeObject } from "../model/objects.js";
import { Catalogue } from "./catalogue.js";
import { parseEntryPath, requireFolderPath } from "./entry-path.js";
import type { BackupFiles } from "./files.js";
import { gunzip } from "./gunzip.js";
import { defaultLimits, type Limits } from "./limits.js";
import { parseObject } from "./parse-object.js";
import { type BackupRecord, readRecord, requireFinished } from "./record.js";
import { refused } from "./refused.js";
import { compareWithList, readResourceList } from "./resource-list.js";
import { type BackupRemark, type Lacking, readResults } from "./results.js";
import { checkLog, readVolumes, type Volumes } from "./side-file.js";
import { Spool } from "./spool.js";
import { tarEntries } from "./tar-entries.js";

/** A backup of Velero's, read and found sound as a whole. */
export interface Backup {
  /** Undefined where velero-backup.json isn't there. */
  record: BackupRecord | undefined;
  /** Velero's own errors and warnings. */
  remarks: BackupRemark[];
  /** What Velero took up and isn't in the archive; only of one that failed in part. */
  lacking: Lacking[];
  volumes: Volumes;
  /** Every kind in each version that was met, the version that the cluster preferred first; sorted. */
  resources: ApiResource[];
  /** The kind of a folder of the archive, `deployments.apps`. */
  kindIn(folder: string): string | undefined;
  count(resource: ApiResource): number;
  /**
   * As the cluster gave them to Velero, which changes nothing in most kinds; nothing that it left out is made up. All objects
   * of the kind, each once: one that isn't there in this version comes migrated to it, or else as it is. A few at a time, by
   * number and by size.
   */
  batches(resource: ApiResource): AsyncGenerator<KubeObject[]>;
  close(): Promise<void>;
}

export interface ReadBackupOptions {
  limits?: Partial<Limits>;
  /** Where the objects wait, encrypted, until they're asked for; the system's folder for temporary files unless given. */
  spoolFolder?: string;
  signal?: AbortSignal;
  /** So many entries so far. */
  onProgress?: (entries: number) => void;
}

const batch = { objects: 500, bytes: 4 * 2 ** 20 };

/**
 * Reads a backup as it lies in Velero's object store: its archive once and from front to end, with one object in memory at a
 * time, and what lies beside it. Everything is checked before anything is given out. Throws `UserError` bundle-invalid that
 * names the file or the entry: a backup that Velero didn't finish, paths that lead elsewhere or to where Velero puts nothing,
 * links, entries that are there twice or too large, what is no JSON object, objects that aren't what their path says, and an
 * archive that isn't what Velero's own list and counts say.
 */
export async function readBackup(files: BackupFiles, options: ReadBackupOptions = {}): Promise<Backup> {
  const limits = { ...defaultLimits, ...options.limits };
  const { signal } = options;
  const record = await readRecord(files, limits, signal);
  if (record) requireFinished(files.shown(files.archive), record);
  const remarks = await readResults(files, limits, signal);
  const volumes = await readVolumes(files, limits, signal);
  await checkLog(files, limits, signal);
  const list = await readResourceList(files, limits, signal);
  const spool = await Spool.create(options.spoolFolder ?? tmpdir());
  try {
    const catalogue = await fill(files, spool, limits, options);
    return {
      record,
      remarks,
      lacking: compareWithList(files, catalogue, record, list),
      volumes,
      resources: catalogue.resources(),
      kindIn: (folder) => catalogue.kindIn(folder),
      count: (resource) => catalogue.places(resource).length,
      batches: (resource) => batchesOf(resource, catalogue, spool),
      close: () => spool.close(),
    };
  } catch (error) {
    await spool.close();
    throw error;
  }
}

async function* batchesOf(resource: ApiResource, catalogue: Catalogue, spool: Spool): AsyncGenerator<KubeObject[]> {
  const apiVersion = apiVersionOf(resource.group, resource.version);
  let [objects, bytes]: [KubeObject[], number] = [[], 0];
  for (const place of catalogue.places(resource)) {
    const object = parse((await spool.read(place)).toString("utf8")) as KubeObject;
    objects.push(broughtTo(object, apiVersion, migrations) ?? object);
    bytes += place.length;
    if (objects.length < batch.objects && bytes < batch.bytes) continue;
    yield objects;
    [objects, bytes] = [[], 0];
  }
  yield objects;
}

async function fill(files: BackupFiles, spool: Spool, limits: Limits, { signal, onProgress }: ReadBackupOptions) {
  const where = files.shown(files.archive);
  const catalogue = new Catalogue();
  let format: string | undefined;
  let entries = 0;
  const tar = gunzip(files.read(files.archive, signal), where, { ...limits, bytes: limits.archiveBytes });
  for await (const { path: entry, bytes } of tarEntries(tar, where, limits)) {
    signal?.throwIfAborted();
    onProgress?.(++entries);
    if (!bytes) {
      requireFolderPath(entry);
      continue;
    }
    const path = parseEntryPath(entry);
    if (path.entry === "format-version") {
      if (format !== undefined) throw refused(entry, "is there twice", undefined, "duplicate");
      format = bytes.toString("utf8").trim();
      if (!/^1(\.\d+){0,2}$/.test(format)) throw refused(entry, `says format ${format.slice(0, 20)}; known is 1`);
    } else {
      const object = parseObject(bytes, path, entry, limits);
      const sha256 = createHash("sha256").update(bytes).digest("base64");
      await catalogue.add(entry, path, object, sha256, () => spool.add(bytes));
    }
  }
  if (format === undefined)
    throw refused(where, "has no metadata/version: it's no whole backup of Velero's", undefined, "incomplete");
  return catalogue;
}
