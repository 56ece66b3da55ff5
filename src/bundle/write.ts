import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stringify } from "../kube/json.js";
import type { BundleKind, BundleManifest } from "../model/bundle.js";
import { UserError } from "../model/errors.js";
import { type ApiResource, type GroupKind, type KubeObject, kindKey } from "../model/objects.js";
import { KindFile } from "./kind-file.js";
import { manifestFile, renderManifest, type StoredManifest } from "./manifest.js";
import { createKey, seal } from "./seal.js";

/** One kind being listed. A page with `restarted` begins the list anew; what came before it is thrown away. */
export interface KindPages {
  resource: ApiResource;
  pages: AsyncIterable<{ items: KubeObject[]; restarted?: boolean }>;
}

export interface BundleProgress {
  kind: string;
  /** Of this kind so far. */
  count: number;
  /** Of all kinds so far. */
  objects: number;
  bytes: number;
}

export interface WriteBundleOptions {
  /** Where the bundle will be; `<dir>.partial` is used meanwhile. A bundle that is there already is replaced. */
  dir: string;
  kinds: Iterable<KindPages> | AsyncIterable<KindPages>;
  source: BundleManifest["source"];
  /** age recipients (`age1…`) for the Secrets. */
  recipients: readonly string[];
  /** When the export began. */
  now: Date;
  onProgress?: (progress: BundleProgress) => void;
}

interface Key {
  key: Buffer;
  sealedKey: string;
}

/** Which kinds are encrypted. */
export function isSecret({ group, kind }: GroupKind): boolean {
  return group === "" && kind === "Secret";
}

/**
 * Streams the kinds to disk, one page in memory at a time. The bundle appears whole or not at all: files first, the manifest
 * last, then the folder is renamed. Throws `UserError` config-invalid where there are Secrets and nobody who could read
 * them, and whatever `kinds` throws; nothing is left behind then.
 */
export async function writeBundle(options: WriteBundleOptions): Promise<StoredManifest> {
  const partial = `${options.dir}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(join(partial, "objects"), { recursive: true, mode: 0o700 });
  try {
    const manifest = await writeFiles(partial, options);
    await writeDurably(join(partial, manifestFile), renderManifest(manifest));
    await takePlace(partial, options.dir);
    return manifest;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

async function writeFiles(partial: string, { kinds, recipients, source, now, onProgress }: WriteBundleOptions) {
  const key: Key | undefined = recipients.length > 0 ? await createKey(recipients) : undefined;
  const written: BundleKind[] = [];
  const names = new Set<string>();
  let objects = 0;
  for await (const { resource, pages } of kinds) {
    const file = fileFor(resource, names);
    const lines = await KindFile.create(join(partial, file));
    try {
      const toLine = lineWriter(resource, key);
      for await (const { items, restarted } of pages) {
        if (restarted) await lines.restart();
        for (const item of items) await lines.add(toLine(item, lines.count));
        onProgress?.({
          kind: kindKey(resource),
          count: lines.count,
          objects: objects + lines.count,
          bytes: lines.bytes,
        });
      }
      written.push({ resource, file, ...(await lines.finish()), encrypted: isSecret(resource) });
    } finally {
      await lines.handle.close();
    }
    objects += lines.count;
  }
  const manifest: StoredManifest = {
    format: 1,
    exportedAt: now.toISOString(),
    source,
    recipients: key ? [...recipients] : [],
    kinds: written,
    objects,
  };
  if (key) manifest.secretsKey = key.sealedKey;
  return manifest;
}

function lineWriter(resource: ApiResource, key: Key | undefined): (object: KubeObject, index: number) => string {
  if (!isSecret(resource)) return (object) => stringify(object);
  if (!key) {
    throw new UserError({
      code: "config-invalid",
      what: "bundle.recipients: there are Secrets to export, and nobody who could read them",
      fix: "Name an age recipient (age1…) in bundle.recipients.",
    });
  }
  return (object, index) => stringify(seal(object, index, key.key));
}

/** Two kinds may differ in case only, and some file systems don't see that. */
function fileFor(kind: GroupKind, taken: Set<string>): string {
  const safe = encodeURIComponent(kindKey(kind)).replace(/[^A-Za-z0-9%._-]/g, "_");
  let name = safe;
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${safe}-${n}`;
  taken.add(name.toLowerCase());
  return `objects/${name}.jsonl`;
}

async function writeDurably(path: string, content: string): Promise<void> {
  const handle = await open(path, "wx", 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A folder can't be renamed over another: the former bundle steps aside first, and goes when its successor stands. */
async function takePlace(partial: string, dir: string): Promise<void> {
  const former = `${dir}.former`;
  await rm(former, { recursive: true, force: true });
  await rename(dir, former).catch(ignoreMissing);
  await rename(partial, dir);
  await syncFolder(dirname(dir));
  await rm(former, { recursive: true, force: true });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
