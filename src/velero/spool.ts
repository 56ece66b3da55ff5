import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";

/** Where a piece lies; `number` is the piece's own. */
export interface Place {
  number: number;
  offset: number;
  /** Bytes on disk, packed and encrypted. */
  packed: number;
  /** Bytes of the piece. */
  length: number;
}

const pack = promisify<Uint8Array, { level: number }, Buffer>(deflateRaw);
const unpack = promisify<Uint8Array, Buffer>(inflateRaw);

const cipher = "aes-256-gcm";
const tagBytes = 16;

/**
 * Pieces set aside on disk, packed, until they're needed in another order than they came in. There may be Secrets among them:
 * they're encrypted with a key that is nowhere but in this process's memory, in a file that has no name, so that nothing is left of it
 * however the process ends.
 */
export class Spool {
  readonly #key = randomBytes(32);
  #end = 0;
  #pieces = 0;

  private constructor(private readonly handle: FileHandle) {}

  static async create(folder: string): Promise<Spool> {
    const path = join(folder, `clustershift-${randomUUID()}`);
    const handle = await open(path, "wx+", 0o600);
    await rm(path);
    return new Spool(handle);
  }

  async add(piece: Uint8Array): Promise<Place> {
    const number = this.#pieces++;
    const small = await pack(piece, { level: 1 });
    const sealing = createCipheriv(cipher, this.#key, nonce(number));
    const data = Buffer.concat([sealing.update(small), sealing.final(), sealing.getAuthTag()]);
    const place = { number, offset: this.#end, packed: data.length, length: piece.length };
    this.#end += data.length;
    for (let done = 0; done < data.length; ) {
      const { bytesWritten } = await this.handle.write(data, done, data.length - done, place.offset + done);
      done += bytesWritten;
    }
    return place;
  }

  /** Throws where the disk doesn't give back what was written. */
  async read(place: Place): Promise<Buffer> {
    const data = Buffer.alloc(place.packed);
    for (let done = 0; done < data.length; ) {
      const { bytesRead } = await this.handle.read(data, done, data.length - done, place.offset + done);
      if (bytesRead === 0) throw new Error("the spool ends early");
      done += bytesRead;
    }
    const end = data.length - tagBytes;
    const opening = createDecipheriv(cipher, this.#key, nonce(place.number));
    opening.setAuthTag(data.subarray(end));
    return unpack(Buffer.concat([opening.update(data.subarray(0, end)), opening.final()]));
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** Each key serves one spool, and each piece has its number: no nonce comes twice. */
function nonce(number: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeBigUInt64BE(BigInt(number), 4);
  return bytes;
}
