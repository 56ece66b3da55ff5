import { readdir } from "node:fs/promises";
import { join, sep } from "node:path";
import { damaged } from "./damaged.js";
import { bundleHash, manifestFile, type StoredManifest } from "./manifest.js";
import { type OpenOptions, readKind, readManifest, unlock } from "./read.js";

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
  await refuseStrangers(dir, manifest);
  const key = await unlock(manifest, options, dir);
  for (const kind of manifest.kinds) {
    const entries = readKind(dir, kind, key);
    while (!(await entries.next()).done);
  }
  return { manifest, hash: bundleHash(manifest) };
}

async function refuseStrangers(dir: string, { kinds }: StoredManifest): Promise<void> {
  const known = new Set([manifestFile, "objects", ...kinds.map(({ file }) => file)]);
  for (const path of await readdir(dir, { recursive: true })) {
    if (!known.has(path.split(sep).join("/"))) throw damaged(join(dir, path), "isn't in the manifest");
  }
}
