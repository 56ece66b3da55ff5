import { dirname, join, resolve } from "node:path";
import { type Bundle, openBundle } from "../../bundle/read.js";
import { verifyBundle } from "../../bundle/verify.js";
import type { ReplaySource } from "../../replay/replay.js";
import { type Archive, type ArchiveOptions, exists, pagesOf, versionOfArchive } from "./archive.js";
import type { Context } from "./command.js";

/** A bundle as a source of a replay. */
export function bundleSource({ manifest, objects }: Bundle): ReplaySource {
  return { kinds: manifest.kinds.map(({ resource, count }) => ({ resource, count })), objects };
}

/**
 * A bundle of an earlier export, in blue's place: verified first. Its Secrets are opened by the configured identity, or by the one
 * that a run keeps beside its bundle. Throws `UserError` bundle-invalid.
 */
export async function openBundleArchive(path: string, options: ArchiveOptions, { edges }: Context): Promise<Archive> {
  const dir = resolve(edges.cwd, path);
  const { identityFile } = await identityFor(dir, options);
  const { manifest, hash } = await verifyBundle(dir, identityFile === undefined ? {} : { identityFile });
  const bundle = await openBundle(dir, identityFile === undefined ? {} : { identityFile });
  const { source } = manifest;
  const found = { version: source.version, because: "says bundle.json" };
  const { version, by } = versionOfArchive(path, options, found);
  const counts = new Map(manifest.kinds.map(({ resource, count }) => [resource, count]));
  return {
    about: { kind: "bundle", path, takenAt: manifest.exportedAt, versionBy: by },
    found,
    identity: async () => hash,
    warnings: [],
    info: async () => ({ version, clusterId: source.clusterId }),
    discover: async () => ({ resources: [...counts.keys()], broken: [] }),
    pages: (resource) => pagesOf(bundle.objects(resource)),
    count: (resource) => counts.get(resource) ?? 0,
    close: async () => {},
  };
}

/** A run keeps its own identity beside its bundle; a configured one is often somebody else's key. */
export async function identityFor(dir: string, { identityFile }: ArchiveOptions): Promise<{ identityFile?: string }> {
  const beside = join(dirname(dir), "age-identity.txt");
  if (await exists(beside)) return { identityFile: beside };
  return identityFile !== undefined && (await exists(identityFile)) ? { identityFile } : {};
}
