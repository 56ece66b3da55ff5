/** Reads SSH's binary format: numbers of four bytes, and strings that say their length first. RFC 4251, section 5. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** @throws Error where there are fewer */
  bytes(count: number): Buffer {
    if (count > this.left) throw new Error("it is cut short");
    const bytes = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    return bytes;
  }

  uint32(): number {
    return this.bytes(4).readUInt32BE();
  }

  string(): Buffer {
    return this.bytes(this.uint32());
  }

  text(): string {
    return this.string().toString("utf8");
  }

  /** @throws Error where something follows: nothing may hide behind what was read */
  end(): void {
    if (this.left > 0) throw new Error(`${this.left} bytes too many`);
  }
}

/** A string as SSH writes it: its length, and itself. */
export function wireString(value: Buffer | string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
