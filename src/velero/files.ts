import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { messageOf } from "../model/errors.js";
import { refused } from "./refused.js";

/** The files of one backup, wherever they lie. */
export interface BackupFiles {
  /** The backup's own name, which begins the names of nearly all of its files. */
  name: string;
  /** Name of the archive, which is one of the files. */
  archive: string;
  /** Bytes by name, of all files that are there. */
  sizes: ReadonlyMap<string, number>;
  /** One of them for people: its path, or its address. */
  shown(file: string): string;
  /** Its bytes from front to end. Throws `UserError` where they can't be had whole, and the signal's reason. */
  read(file: string, signal?: AbortSignal): AsyncIterable<Buffer>;
}

/** A backup's archive as a file, and what lies beside it. Throws `UserError` bundle-invalid where it can't be read. */
export async function localFiles(archive: string): Promise<BackupFiles> {
  const folder = dirname(archive);
  const file = basename(archive);
  const name = file.replace(/\.(?:tar\.gz|tgz)$/, "");
  const sizes = new Map<string, number>();
  try {
    sizes.set(file, (await stat(archive)).size);
    for (const other of await readdir(folder)) {
      if (other !== "velero-backup.json" && !other.startsWith(`${name}-`)) continue;
      const found = await stat(join(folder, other));
      if (found.isFile()) sizes.set(other, found.size);
    }
  } catch (error) {
    throw refused(archive, `can't be read: ${messageOf(error)}`, error, "unreadable");
  }
  return {
    name,
    archive: file,
    sizes,
    shown: (each) => join(folder, each),
    async *read(each, signal) {
      try {
        yield* createReadStream(join(folder, each), { ...(signal && { signal }) }) as AsyncIterable<Buffer>;
      } catch (error) {
        signal?.throwIfAborted();
        throw refused(join(folder, each), `can't be read: ${messageOf(error)}`, error, "unreadable");
      }
    },
  };
}
