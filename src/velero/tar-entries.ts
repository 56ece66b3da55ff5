import { createReadStream } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { type ExtractEvents, extract } from "tar-stream";
import { messageOf, UserError } from "../model/errors.js";
import type { Limits } from "./limits.js";
import { refused } from "./refused.js";

/**
 * The files of a gzipped tar, one in memory at a time; folders are passed over. Throws `UserError` bundle-invalid at the first
 * entry that is neither, that is larger than it may be, or where the archive is damaged, and the signal's reason.
 */
export async function* tarEntries(
  file: string,
  limits: Limits,
  signal?: AbortSignal,
): AsyncGenerator<{ path: string; bytes: Buffer }> {
  const archive = extract();
  const flow = pipeline(createReadStream(file), createGunzip(), atMost(limits.archiveBytes, file), archive, {
    ...(signal && { signal }),
  });
  // It's awaited below; should an entry be refused before, that is the error that counts.
  flow.catch(() => {});
  let entries = 0;
  try {
    for await (const entry of archive) {
      const path = entry.header.name;
      if (++entries > limits.entries) throw refused(path, `is one more than ${limits.entries} entries`);
      const bytes = await readEntry(entry, limits);
      if (bytes) yield { path, bytes };
    }
    await flow;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof UserError) throw error;
    throw refused(file, `can't be read as a gzipped tar: ${messageOf(error)}`, error);
  } finally {
    archive.destroy();
  }
}

/** Ends the stream once so many bytes came through: what a bomb holds beyond is never unpacked. */
function atMost(limit: number, file: string): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > limit) done(refused(file, `holds more than ${limit} bytes when unpacked`));
      else done(null, chunk);
    },
  });
}

type Entry = ExtractEvents["entry"][1];

async function readEntry(entry: Entry, { objectBytes }: Limits): Promise<Buffer | undefined> {
  const { name, type, size = 0, linkname } = entry.header;
  if (type === "directory") {
    entry.resume();
    return undefined;
  }
  if (type !== "file")
    throw refused(name, `is no file but a ${type ?? "thing unknown"}${linkname ? ` to ${linkname}` : ""}`);
  if (size > objectBytes) throw refused(name, `has ${size} bytes, more than the ${objectBytes} of any object`);
  const chunks: Buffer[] = [];
  for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
