import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "../kube/json.js";
import { lines } from "../kube/lines.js";
import type { BundleKind } from "../model/bundle.js";
import { messageOf, UserError } from "../model/errors.js";
import { type GroupKind, type KubeObject, kindKey, type ObjectRef, refKey, refOf } from "../model/objects.js";
import { damaged } from "./damaged.js";
import { readIdentityFile } from "./identity.js";
import { manifestFile, parseManifest, type StoredManifest } from "./manifest.js";
import { openKey, type SealedLine, unseal } from "./seal.js";

/** A bundle whose manifest is sound; its files are checked while they are read. */
export interface Bundle {
  manifest: StoredManifest;
  /**
   * The objects of a kind, as blue gave them, in blue's order; none where the bundle has no such kind. Throws `UserError`
   * bundle-invalid where a line is not what was written, or, after the last one, where the file as a whole isn't; and for
   * Secrets without an identity that can read them.
   */
  objects(kind: GroupKind): AsyncIterable<KubeObject>;
}

/** Who reads the Secrets; nobody needs to be, where only other kinds are read. */
export interface OpenOptions {
  /** `AGE-SECRET-KEY-…` */
  identity?: string;
  /** File of age-keygen with one, read only where something is encrypted. */
  identityFile?: string;
}

export async function openBundle(dir: string, options: OpenOptions = {}): Promise<Bundle> {
  const manifest = await readManifest(dir);
  const key = await unlock(manifest, options, dir);
  return {
    manifest,
    async *objects(wanted) {
      const kind = manifest.kinds.find(({ resource }) => kindKey(resource) === kindKey(wanted));
      if (!kind) return;
      if (kind.encrypted && !key) throw noIdentity(dir, manifest);
      for await (const entry of readKind(dir, kind, key)) if (entry.object) yield entry.object;
    },
  };
}

export async function readManifest(dir: string): Promise<StoredManifest> {
  const file = join(dir, manifestFile);
  await plainFile(file);
  return parseManifest(await readFile(file, "utf8"), file);
}

/** The key of the encrypted lines; undefined where nothing is encrypted, or nobody is there to decrypt it. */
export async function unlock(
  manifest: StoredManifest,
  { identity: given, identityFile }: OpenOptions,
  dir: string,
): Promise<Buffer | undefined> {
  if (manifest.secretsKey === undefined) return undefined;
  const identity = given ?? (identityFile === undefined ? undefined : (await readIdentityFile(identityFile)).identity);
  if (identity === undefined) return undefined;
  try {
    return await openKey(manifest.secretsKey, identity);
  } catch (cause) {
    const what = `${join(dir, manifestFile)}: the identity can't decrypt the Secrets: ${messageOf(cause)}`;
    throw new UserError({
      code: "bundle-invalid",
      what,
      fix: `Use an identity of one of the recipients: ${manifest.recipients.join(", ")}`,
      cause,
      defects: [{ id: "secret-undecryptable", what }],
    });
  }
}

export function noIdentity(dir: string, { recipients }: StoredManifest): UserError {
  const what = `${dir}: its Secrets are encrypted, and no identity was given`;
  return new UserError({
    code: "bundle-invalid",
    what,
    fix: `Name the identity file of one of these recipients by bundle.identityFile: ${recipients.join(", ")}`,
    defects: [{ id: "secret-undecryptable", what }],
  });
}

/**
 * Every line of a kind's file, checked; after the last one the file's size, hash and count. Without a key an encrypted line
 * gives only its ref. Throws `UserError` bundle-invalid.
 */
export async function* readKind(
  dir: string,
  kind: BundleKind,
  key?: Buffer,
): AsyncGenerator<{ ref: ObjectRef; object?: KubeObject }> {
  const file = join(dir, kind.file);
  const bytes = await plainFile(file);
  if (bytes !== kind.bytes)
    throw damaged(file, `has ${bytes} bytes, where the manifest says ${kind.bytes}`, "truncated");
  const hash = createHash("sha256");
  const seen = new Set<string>();
  let index = 0;
  for await (const line of lines(hashing(createReadStream(file), hash))) {
    const place = `${file}:${index + 1}`;
    const entry = readLine(line, index, kind, key, place);
    const name = refKey(entry.ref);
    if (kindKey(entry.ref) !== kindKey(kind.resource))
      throw damaged(place, `${name} is no ${kindKey(kind.resource)}`, "stray");
    if (seen.has(name)) throw damaged(place, `${name} is there twice`, "duplicate");
    seen.add(name);
    yield entry;
    index++;
  }
  if (index !== kind.count)
    throw damaged(
      `${file}:${index}`,
      `ends after ${index} objects, where the manifest counts ${kind.count}`,
      "incomplete",
    );
  if (hash.digest("hex") !== kind.sha256)
    throw damaged(file, "its sha256 isn't the manifest's: it was changed after the export", "altered");
}

function readLine(line: string, index: number, kind: BundleKind, key: Buffer | undefined, place: string) {
  try {
    const value = parse(line);
    if (!kind.encrypted) return { object: asObject(value), ref: refOf(asObject(value)) };
    const sealed = asSealed(value);
    if (!key) return { ref: sealed.ref };
    return { object: unseal(sealed, index, key), ref: sealed.ref };
  } catch (error) {
    const defect = kind.encrypted ? "secret-undecryptable" : "altered";
    throw damaged(place, `isn't what was written: ${messageOf(error)}`, defect, error);
  }
}

function asObject(value: unknown): KubeObject {
  const { apiVersion, kind, metadata } = (value ?? {}) as Partial<KubeObject>;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || typeof metadata?.name !== "string") {
    throw new Error("no Kubernetes object");
  }
  return value as KubeObject;
}

function asSealed(value: unknown): SealedLine {
  const { ref, sealed } = (value ?? {}) as Partial<SealedLine>;
  if (
    typeof ref?.kind !== "string" ||
    typeof ref.group !== "string" ||
    typeof ref.name !== "string" ||
    typeof sealed !== "string"
  ) {
    throw new Error("no encrypted object");
  }
  return { ref, sealed };
}

async function* hashing(
  chunks: AsyncIterable<Buffer>,
  hash: { update(chunk: Buffer): unknown },
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

/** The size of a file that must be one itself: a link could lead anywhere. */
async function plainFile(file: string): Promise<number> {
  const stat = await lstat(file).catch((error: unknown) => {
    throw damaged(file, `can't be read: ${messageOf(error)}`, "unreadable", error);
  });
  if (!stat.isFile()) throw damaged(file, "is no plain file", "unreadable");
  return stat.size;
}
