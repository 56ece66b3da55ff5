import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import type { BundleManifest } from "../model/bundle.js";
import { sha256 } from "../model/canonical.js";
import { messageOf } from "../model/errors.js";
import { damaged } from "./damaged.js";

export const manifestFile = "bundle.json";

const text = z.string();
const name = text.min(1);

const resource = z.strictObject({
  group: text,
  version: name,
  kind: name,
  resource: name,
  namespaced: z.boolean(),
  verbs: z.array(text),
  subresources: z.array(text),
});

const kind = z.strictObject({
  resource,
  // One folder deep and nothing else, so that no manifest can point out of its bundle.
  file: text.regex(/^objects\/[A-Za-z0-9%._-]+\.jsonl$/, "is no file of a bundle: it must be objects/<kind>.jsonl"),
  count: z.int().min(0),
  bytes: z.int().min(0),
  sha256: text.regex(/^[0-9a-f]{64}$/, "is no sha256"),
  encrypted: z.boolean(),
});

const manifestSchema = z.strictObject({
  format: z.literal(1),
  exportedAt: z.iso.datetime(),
  source: z.strictObject({ name, version: name, clusterId: name }),
  recipients: z.array(text),
  kinds: z.array(kind),
  objects: z.int().min(0),
  secretsKey: text.optional(),
});

const storedSchema = manifestSchema.extend({ hash: text });

/** The manifest as it lies in a bundle: with the key of its encrypted lines, itself encrypted with age for the recipients. */
export interface StoredManifest extends BundleManifest {
  /** An armoured age file of 32 bytes; absent where no kind is encrypted. */
  secretsKey?: string;
}

/**
 * Names a bundle and everything in it: sha256, hex, of the manifest, which has the hashes of all files. It shows damage and
 * carelessness by itself; against someone who rewrites both, compare it with one that was kept elsewhere.
 */
export function bundleHash(manifest: BundleManifest): string {
  return sha256(manifest);
}

/** The text of bundle.json. */
export function renderManifest(manifest: StoredManifest): string {
  // Parsing brings the fields into the schema's order: one manifest has one text.
  const stored = storedSchema.parse({ ...manifest, hash: bundleHash(manifest) });
  return `${JSON.stringify(stored, null, 2)}\n`;
}

/** Reads bundle.json; throws `UserError` bundle-invalid that names the line. `file` is for messages. */
export function parseManifest(content: string, file: string): StoredManifest {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw damaged(file, `is no JSON: ${messageOf(error)}`, "unreadable");
  }
  const parsed = storedSchema.safeParse(value);
  if (!parsed.success) {
    const places = parsed.error.issues.map(({ path, message }) => `${placeOf(content, path)}: ${message}`);
    throw damaged(file, places.join("\n"), "unreadable");
  }
  const { hash, secretsKey, ...fields } = parsed.data;
  const manifest: StoredManifest = secretsKey === undefined ? fields : { ...fields, secretsKey };
  if (hash !== bundleHash(manifest))
    throw damaged(file, "its content doesn't match its hash: it was changed after the export", "altered");
  if (content !== renderManifest(manifest)) throw damaged(file, "it was rewritten after the export", "altered");
  checkSums(manifest, file);
  return manifest;
}

function checkSums({ kinds, objects, secretsKey }: StoredManifest, file: string): void {
  const sum = kinds.reduce((total, { count }) => total + count, 0);
  if (sum !== objects)
    throw damaged(file, `objects is ${objects}, but the kinds' counts add up to ${sum}`, "incomplete");
  const files = new Set(kinds.map(({ file }) => file.toLowerCase()));
  if (files.size !== kinds.length) throw damaged(file, "two kinds have one file", "duplicate");
  if (kinds.some(({ encrypted }) => encrypted) && secretsKey === undefined) {
    throw damaged(file, "secretsKey is missing, though there are encrypted kinds", "secret-undecryptable");
  }
}

/** `line 12, kinds.3.file`: JSON is YAML, whose parser knows where things stand. */
function placeOf(content: string, path: readonly PropertyKey[]): string {
  const lineCounter = new LineCounter();
  const document = parseDocument(content, { lineCounter });
  const node: unknown = document.getIn(path.map(String), true);
  const range = typeof node === "object" && node !== null && "range" in node ? node.range : undefined;
  const start: unknown = Array.isArray(range) ? range[0] : 0;
  const { line } = lineCounter.linePos(typeof start === "number" ? start : 0);
  return [`line ${line}`, path.map(String).join(".")].filter(Boolean).join(", ");
}
