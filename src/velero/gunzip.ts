import { once } from "node:events";
import { crc32, createInflateRaw, type InflateRaw } from "node:zlib";
import { messageOf } from "../model/errors.js";
import { refused } from "./refused.js";

export interface GunzipLimits {
  /** Bytes when unpacked. */
  bytes: number;
  /** See `Limits`. */
  ratio: number;
  ratioFrom: number;
}

const trailerBytes = 8;
/** A header may carry a name and a comment; more is none that anybody writes. */
const longestHeader = 64 * 2 ** 10;

/**
 * Unpacks one gzip member, and nothing but one: what node:zlib passes over in silence, further members and bytes behind them,
 * is refused, as are a wrong checksum, an early end, and more than `limits` allow. `where` names the file in errors. Throws
 * `UserError` bundle-invalid, or what the source throws.
 */
export async function* gunzip(
  source: AsyncIterable<Buffer>,
  where: string,
  limits: GunzipLimits,
): AsyncGenerator<Buffer> {
  const packed = new Packed(source);
  const inflate = createInflateRaw();
  let [bytes, crc] = [0, 0];
  try {
    const { length: header, rest } = await readHeader(packed, where);
    void feed(rest, packed, inflate);
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      crc = crc32(chunk, crc);
      if (bytes > limits.bytes) throw refused(where, `holds more than ${limits.bytes} bytes when unpacked`);
      if (bytes > limits.ratioFrom && bytes > packed.bytes * limits.ratio)
        throw refused(where, `unpacks to more than ${limits.ratio} times its size: that is a bomb, and no backup`);
      yield chunk;
    }
    const behind = () => packed.bytes - header - inflate.bytesWritten;
    while (behind() <= trailerBytes && (await packed.next()));
    if (behind() < trailerBytes) throw refused(where, "is no whole gzip: it ends early", undefined, "truncated");
    if (behind() > trailerBytes)
      throw refused(where, "goes on behind its end: Velero writes one gzip member, and nothing after it");
    const [wantedCrc, wantedLength] = [packed.last.readUInt32LE(0), packed.last.readUInt32LE(4)];
    if (wantedCrc !== crc || wantedLength !== bytes % 2 ** 32) throw refused(where, "is damaged: its checksum differs");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "Z_BUF_ERROR") throw refused(where, "is no whole gzip: it ends early", error, "truncated");
    if (code.startsWith("Z_")) throw refused(where, `is no whole gzip: ${messageOf(error)}`, error);
    throw error;
  } finally {
    inflate.destroy();
    await packed.close();
  }
}

/** Hands on what is packed until the member ends; an error of the source becomes the inflation's. */
async function feed(rest: Buffer, packed: Packed, inflate: InflateRaw): Promise<void> {
  try {
    for (let chunk: Buffer | undefined = rest; chunk; chunk = await packed.next()) {
      if (inflate.destroyed || inflate.readableEnded) return;
      // Once the member has ended nothing drains any more.
      if (!inflate.write(chunk)) await firstOf(inflate, ["drain", "end", "close"]);
    }
    inflate.end();
  } catch (error) {
    inflate.destroy(error as Error);
  }
}

async function firstOf(inflate: InflateRaw, events: string[]): Promise<void> {
  const waiting = new AbortController();
  const { signal } = waiting;
  try {
    await Promise.race(events.map((event) => once(inflate, event, { signal })));
  } finally {
    waiting.abort();
  }
}

/** Takes the header off, by RFC 1952. */
async function readHeader(packed: Packed, where: string): Promise<{ length: number; rest: Buffer }> {
  let head = Buffer.alloc(0);
  for (;;) {
    const length = headerLength(head);
    if (length === "none" || head.length > longestHeader) throw refused(where, "is no gzip", undefined, "unreadable");
    if (typeof length === "number") return { length, rest: head.subarray(length) };
    const chunk = await packed.next();
    if (!chunk)
      throw refused(where, head.length === 0 ? "is empty" : "is no whole gzip: it ends early", undefined, "truncated");
    head = Buffer.concat([head, chunk]);
  }
}

function headerLength(head: Buffer): number | "none" | "more" {
  const begins = [0x1f, 0x8b, 8];
  if (begins.some((byte, at) => at < head.length && head[at] !== byte)) return "none";
  if (head.length < 10) return "more";
  const flags = head[3] ?? 0;
  if (flags & 0xe0) return "none";
  let length = 10;
  if (flags & 4) {
    if (head.length < length + 2) return "more";
    length += 2 + head.readUInt16LE(length);
  }
  // A name, then a comment: each ends with a zero.
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue;
    const end = head.indexOf(0, length);
    if (end === -1) return "more";
    length = end + 1;
  }
  if (flags & 2) length += 2;
  return head.length < length ? "more" : length;
}

/** The packed bytes, counted as they're taken, with the last ones kept. */
class Packed {
  bytes = 0;
  last = Buffer.alloc(0);
  readonly #chunks: AsyncIterator<Buffer>;

  constructor(source: AsyncIterable<Buffer>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  async next(): Promise<Buffer | undefined> {
    const { done, value } = await this.#chunks.next();
    if (done) return undefined;
    this.bytes += value.length;
    this.last = Buffer.concat([this.last, value.subarray(-trailerBytes)]).subarray(-trailerBytes);
    return value;
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
