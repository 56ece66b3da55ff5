/** An entry of a tar with each field as wanted, also as no tar would write it. */
export interface RawEntry {
  name: string | Buffer;
  content?: string | Buffer;
  /** Of the header: `0` is a file. */
  type?: string;
  link?: string;
  /** The header's size field; of the content unless given. */
  size?: number | Buffer;
  /** Added to the true checksum. */
  checksumOff?: number;
}

const block = 512;

export function rawEntry({ name, content = "", type = "0", link = "", size, checksumOff = 0 }: RawEntry): Buffer {
  const bytes = Buffer.from(content as string);
  const header = Buffer.alloc(block);
  Buffer.from(name as string).copy(header, 0, 0, 100);
  header.write("0000644\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  if (Buffer.isBuffer(size)) size.copy(header, 124, 0, 12);
  else header.write(`${(size ?? bytes.length).toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0", 136);
  header.write("        ", 148);
  header.write(type, 156, "latin1");
  header.write(link, 157, 100);
  header.write("ustar\x0000", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0) + checksumOff;
  header.write(`${(sum & 0o777777).toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, bytes, Buffer.alloc((block - (bytes.length % block)) % block)]);
}

export const tarEnd = Buffer.alloc(2 * block);

export function rawTar(entries: readonly RawEntry[]): Buffer {
  return Buffer.concat([...entries.map(rawEntry), tarEnd]);
}

/** A PAX header for the entry after it. */
export function pax(records: Record<string, string>, name = "PaxHeaders.0/x"): RawEntry {
  const lines = Object.entries(records).map(([key, value]) => paxLine(`${key}=${value}`));
  return { name, type: "x", content: Buffer.concat(lines) };
}

function paxLine(record: string): Buffer {
  const body = Buffer.from(` ${record}\n`);
  let length = body.length + 1;
  while (String(length).length + body.length !== length) length = String(length).length + body.length;
  return Buffer.concat([Buffer.from(String(length)), body]);
}
