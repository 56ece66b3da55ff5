import { messageOf } from "../model/errors.js";
import type { Limits } from "./limits.js";
import { nameIn, parsePax } from "./pax.js";
import { refused } from "./refused.js";
import { parseTarHeader, type TarHeader } from "./tar-header.js";

const blockBytes = 512;
/** A name of any length that an API server takes, and times beside it. */
const longestExtension = 64 * 2 ** 10;

/** One file of the archive, or one folder, which has no bytes. */
export interface TarEntry {
  path: string;
  bytes?: Buffer;
}

/**
 * The files and folders of a tar, one in memory at a time. It's read as strictly as Velero writes it, with PAX's
 * and GNU's long names beside that, since archives get packed again by hand. Throws `UserError` bundle-invalid at the first
 * entry that is neither file nor folder, that is larger than it may be, or where the archive is damaged, cut or goes on behind
 * its end; `where` names the archive.
 */
export async function* tarEntries(
  source: AsyncIterable<Buffer>,
  where: string,
  limits: Limits,
): AsyncGenerator<TarEntry> {
  const input = new Blocks(source);
  let entries = 0;
  let named: string | undefined;
  let previous = "its beginning";
  try {
    for (;;) {
      const block = await input.take(blockBytes);
      if (!block)
        throw refused(where, `is cut after ${previous}: the end of the archive is missing`, undefined, "truncated");
      if (isZero(block)) break;
      const header = headerIn(block, where, previous);
      if (++entries > limits.entries) throw refused(header.path, `is one more than ${limits.entries} entries`);
      const content = await contentOf(header, named, input, limits);
      if (header.kind === "pax" || header.kind === "long-name") {
        if (named !== undefined) throw refused(named, "has its name given twice");
        named = header.kind === "pax" ? parsePax(content, header.path) : longName(content, header.path);
        continue;
      }
      const path = named ?? header.path;
      named = undefined;
      requireName(path);
      previous = path;
      yield header.kind === "file" ? { path, bytes: content } : { path };
    }
    if (named !== undefined) throw refused(named, "has a name, and nothing that it is of");
    for (let block = await input.take(blockBytes); block; block = await input.take(blockBytes))
      if (!isZero(block)) throw refused(where, `goes on behind its end, which is after ${previous}`);
  } finally {
    await input.close();
  }
}

function headerIn(block: Buffer, where: string, previous: string): TarHeader {
  try {
    return parseTarHeader(block);
  } catch (error) {
    throw refused(where, `after ${previous}: ${messageOf(error)}`, error);
  }
}

async function contentOf(header: TarHeader, named: string | undefined, input: Blocks, limits: Limits): Promise<Buffer> {
  const path = named ?? header.path;
  const { size, kind } = header;
  if (kind === "other") throw refused(path, `is no file but ${header.what}`);
  if (kind === "folder" && size > 0) throw refused(path, `is a folder with ${size} bytes of content`);
  if ((kind === "pax" || kind === "long-name") && size > longestExtension)
    throw refused(path, `has ${size} bytes of name and the like, more than ${longestExtension}`);
  if (size > limits.objectBytes)
    throw refused(path, `has ${size} bytes, more than the ${limits.objectBytes} of any object`);
  const padded = Math.ceil(size / blockBytes) * blockBytes;
  const content = padded === 0 ? Buffer.alloc(0) : await input.take(padded);
  if (!content) throw refused(path, `is cut: the archive ends before its ${size} bytes do`, undefined, "truncated");
  return content.subarray(0, size);
}

function longName(content: Buffer, where: string): string {
  const end = content.indexOf(0);
  return nameIn(end === -1 ? content : content.subarray(0, end), where);
}

/** What no object's name can have, and no file's of Velero's either. */
function requireName(path: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\u0000-\u001f\u007f]/.test(path)) throw refused(path, "has a control character in its path");
  if (path.includes("\\")) throw refused(path, "has a backslash in its path");
  if (path.includes("\ufffd")) throw refused(path, "has a name that is no UTF-8");
}

function isZero(block: Buffer): boolean {
  return block.every((byte) => byte === 0);
}

/** Bytes in pieces of the length that is asked for. */
class Blocks {
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** Undefined where fewer are left. */
  async take(length: number): Promise<Buffer | undefined> {
    const parts = [];
    let missing = length;
    for (;;) {
      const part = this.#held.subarray(0, missing);
      this.#held = this.#held.subarray(part.length);
      parts.push(part);
      missing -= part.length;
      if (missing === 0) return parts.length === 1 ? part : Buffer.concat(parts);
      const { done, value } = await this.#chunks.next();
      if (done) return undefined;
      this.#held = value;
    }
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
