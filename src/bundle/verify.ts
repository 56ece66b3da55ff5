import { readdir } from "node:fs/promises";
import { join, sep } from "node:path";
import type { BackupDefect } from "../model/backup.js";
import { UserError } from "../model/errors.js";
import { damaged } from "./damaged.js";
import { bundleHash, manifestFile, type StoredManifest } from "./manifest.js";
import { noIdentity, type OpenOptions, readKind, readManifest, unlock } from "./read.js";

export interface VerifiedBundle {
  manifest: StoredManifest;
  /** `bundleHash` of it. */
  hash: string;
}

/**
 * Reads a whole bundle and checks everything: the manifest, that each file is there and nothing else is, each file's size,
 * hash and count, and that each line is an object of its kind, once. With an identity every Secret is decrypted too; without
 * one the hash still shows that it is what was written. Throws `UserError` bundle-invalid that names file and line.
 */
export async function verifyBundle(dir: string, options: OpenOptions = {}): Promise<VerifiedBundle> {
  const manifest = await readManifest(dir);
  const key = await unlock(manifest, options, dir);
  for await (const damage of damagesOf(dir, manifest, key)) throw damage;
  return { manifest, hash: bundleHash(manifest) };
}

/** As verifyBundle, of which the first is the error; but all of them, of each file the first. Secrets need an identity here. */
export async function bundleDefects(dir: string, options: OpenOptions): Promise<BackupDefect[]> {
  const found: BackupDefect[] = [];
  const add = (error: unknown): void => {
    if (!(error instanceof UserError) || !error.defects) throw error;
    found.push(...error.defects);
  };
  try {
    const manifest = await readManifest(dir);
    let key: Buffer | undefined;
    try {
      key = await unlock(manifest, options, dir);
      if (!key && manifest.kinds.some(({ encrypted }) => encrypted)) throw noIdentity(dir, manifest);
    } catch (error) {
      add(error);
    }
    for await (const damage of damagesOf(dir, manifest, key)) add(damage);
  } catch (error) {
    add(error);
  }
  return found;
}

async function* damagesOf(dir: string, manifest: StoredManifest, key: Buffer | undefined): AsyncGenerator<UserError> {
  yield* strangers(dir, manifest);
  for (const kind of manifest.kinds) {
    try {
      const entries = readKind(dir, kind, key);
      while (!(await entries.next()).done);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      yield error;
    }
  }
}

async function* strangers(dir: string, { kinds }: StoredManifest): AsyncGenerator<UserError> {
  const known = new Set([manifestFile, "objects", ...kinds.map(({ file }) => file)]);
  for (const path of await readdir(dir, { recursive: true })) {
    if (!known.has(path.split(sep).join("/"))) yield damaged(join(dir, path), "isn't in the manifest", "stray");
  }
}
