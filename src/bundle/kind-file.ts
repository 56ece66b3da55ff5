import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";

/** Lines are gathered up to this size before they are written. */
const bufferBytes = 1 << 20;

/** One file of lines being written, with its count, size and hash. */
export class KindFile {
  count = 0;
  bytes = 0;
  #hash = createHash("sha256");
  #pending: string[] = [];
  #pendingLength = 0;

  private constructor(readonly handle: FileHandle) {}

  static async create(path: string): Promise<KindFile> {
    return new KindFile(await open(path, "wx", 0o600));
  }

  async add(line: string): Promise<void> {
    this.count++;
    this.#pending.push(line, "\n");
    this.#pendingLength += line.length + 1;
    if (this.#pendingLength >= bufferBytes) await this.#flush();
  }

  /** Empties the file: what was listed so far isn't part of the list any more. */
  async restart(): Promise<void> {
    this.#pending = [];
    this.#pendingLength = 0;
    this.count = 0;
    this.bytes = 0;
    this.#hash = createHash("sha256");
    await this.handle.truncate(0);
  }

  /** On the disk, not just on its way there. */
  async finish(): Promise<{ count: number; bytes: number; sha256: string }> {
    await this.#flush();
    await this.handle.sync();
    return { count: this.count, bytes: this.bytes, sha256: this.#hash.digest("hex") };
  }

  async #flush(): Promise<void> {
    const data = Buffer.from(this.#pending.join(""), "utf8");
    this.#pending = [];
    this.#pendingLength = 0;
    this.#hash.update(data);
    for (let written = 0; written < data.length; ) {
      const { bytesWritten } = await this.handle.write(data, written, data.length - written, this.bytes + written);
      written += bytesWritten;
    }
    this.bytes += data.length;
  }
}
