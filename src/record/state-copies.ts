import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { timeLimit } from "./deadline.js";
import type { RecordStore } from "./store.js";

/*
 * State files are kept as `state/plan.json`. One that is larger than an entry may be is compressed and kept in parts, which
 * are named by its hash and written first; the entry of its own name then says so. So a reader sees the former content or
 * the new one, whatever was written when the writer died.
 */

const folder = "state/";

interface Parts {
  clustershiftParts: number;
  sha256: string;
}

/** Writes those files that a store doesn't have so. `known`: the store's entries and their md5, see RecordStore.names. */
export async function putState(
  store: RecordStore,
  run: string,
  files: ReadonlyMap<string, string>,
  known: ReadonlyMap<string, string | undefined>,
  deadlineMs: number,
): Promise<void> {
  for (const [file, text] of files) {
    const parts = partsOf(folder + file, Buffer.from(text), store.largest);
    for (const [name, bytes] of parts) {
      if (known.get(name) === md5(bytes)) continue;
      await store.put(run, name, bytes, "any", timeLimit(deadlineMs));
    }
  }
}

/** The state files among a run's entries; one whose parts aren't all there, or don't fit, is left out. */
export function stateOf(entries: ReadonlyMap<string, Buffer>): Map<string, string> {
  const files = new Map<string, string>();
  for (const [name, bytes] of entries) {
    const file = name.startsWith(folder) ? name.slice(folder.length) : "";
    if (!/^[a-z-]+\.json$/.test(file)) continue;
    const text = whole(name, bytes, entries);
    if (text !== undefined) files.set(file, text);
  }
  return files;
}

/** Entries in the order in which they must be written. */
function partsOf(name: string, bytes: Buffer, largest: number): [name: string, bytes: Buffer][] {
  if (bytes.length <= largest) return [[name, bytes]];
  const packed = gzipSync(bytes);
  const sha256 = hash(packed);
  const count = Math.ceil(packed.length / largest);
  const parts = Array.from({ length: count }, (_, index): [string, Buffer] => [
    partName(name, sha256, index),
    packed.subarray(index * largest, (index + 1) * largest),
  ]);
  const pointer: Parts = { clustershiftParts: count, sha256 };
  return [...parts, [name, Buffer.from(JSON.stringify(pointer))]];
}

function whole(name: string, bytes: Buffer, entries: ReadonlyMap<string, Buffer>): string | undefined {
  const text = bytes.toString("utf8");
  if (!text.startsWith('{"clustershiftParts":')) return text;
  const { clustershiftParts: count, sha256 } = JSON.parse(text) as Parts;
  const parts = Array.from({ length: count }, (_, index) => entries.get(partName(name, sha256, index)));
  const packed = Buffer.concat(parts.filter((part) => part !== undefined));
  return hash(packed) === sha256 ? gunzipSync(packed).toString("utf8") : undefined;
}

function partName(name: string, sha256: string, index: number): string {
  return `${name}.${sha256.slice(0, 16)}.${index}`;
}

function hash(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function md5(bytes: Buffer): string {
  return createHash("md5").update(bytes).digest("hex");
}
