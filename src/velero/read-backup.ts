import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { parse } from "../kube/json.js";
import type { ApiResource, KubeObject } from "../model/objects.js";
import { Catalogue } from "./catalogue.js";
import { parseEntryPath } from "./entry-path.js";
import { defaultLimits, type Limits } from "./limits.js";
import { parseObject } from "./parse-object.js";
import { refused } from "./refused.js";
import { Spool } from "./spool.js";
import { tarEntries } from "./tar-entries.js";

/** A backup of Velero's, read and found sound as a whole. */
export interface Backup {
  /** Every kind in each version in which it's there whole, the version that the cluster preferred first; sorted. */
  resources: ApiResource[];
  count(resource: ApiResource): number;
  /** As the cluster gave them to Velero, which changes nothing in most kinds; nothing that it left out is made up. */
  objects(resource: ApiResource): AsyncGenerator<KubeObject>;
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

/**
 * Reads `backups/<name>/<name>.tar.gz` of Velero's object store, once and from front to end, with one object in memory at a
 * time. Everything is checked before anything is given out. Throws `UserError` bundle-invalid that names the entry: paths that
 * lead elsewhere or to where Velero puts nothing, links, entries that are there twice or too large, what is no JSON object,
 * and objects that aren't what their path says.
 */
export async function readBackup(file: string, options: ReadBackupOptions = {}): Promise<Backup> {
  const spool = await Spool.create(options.spoolFolder ?? tmpdir());
  try {
    const catalogue = await fill(file, spool, options);
    return {
      resources: catalogue.resources(),
      count: (resource) => catalogue.places(resource).length,
      async *objects(resource) {
        for (const place of catalogue.places(resource)) {
          yield parse((await spool.read(place)).toString("utf8")) as KubeObject;
        }
      },
      close: () => spool.close(),
    };
  } catch (error) {
    await spool.close();
    throw error;
  }
}

async function fill(file: string, spool: Spool, { limits: some, signal, onProgress }: ReadBackupOptions) {
  const limits = { ...defaultLimits, ...some };
  const catalogue = new Catalogue();
  let format: string | undefined;
  let entries = 0;
  for await (const { path: entry, bytes } of tarEntries(file, limits, signal)) {
    const path = parseEntryPath(entry);
    if (path.entry === "format-version") {
      if (format !== undefined) throw refused(entry, "is there twice");
      format = bytes.toString("utf8").trim();
      if (!/^1(\.\d+){0,2}$/.test(format)) throw refused(entry, `says format ${format.slice(0, 20)}; known is 1`);
    } else {
      const object = parseObject(bytes, path, entry, limits);
      const sha256 = createHash("sha256").update(bytes).digest("base64");
      await catalogue.add(entry, path, object, sha256, () => spool.add(bytes));
    }
    onProgress?.(++entries);
  }
  if (format === undefined) throw refused(file, "has no metadata/version: it's no whole backup of Velero's");
  return catalogue;
}
