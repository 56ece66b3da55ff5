/** The 512 bytes before each entry of a tar. */
export interface TarHeader {
  path: string;
  size: number;
  kind: "file" | "folder" | "pax" | "long-name" | "other";
  /** For people: what an entry of kind `other` is. */
  what: string;
}

const kinds: Record<string, TarHeader["kind"]> = {
  "0": "file",
  "\0": "file",
  "5": "folder",
  x: "pax",
  L: "long-name",
};

const others: Record<string, string> = {
  "1": "a hard link",
  "2": "a symbolic link",
  "3": "a character device",
  "4": "a block device",
  "6": "a pipe",
  "7": "a contiguous file",
  g: "a header for all that follow",
  K: "a link with a long name",
  S: "a sparse file",
  D: "a folder's list of files",
  M: "a part of a file in another archive",
  V: "a volume's label",
};

/** Throws an `Error` that says what is wrong. */
export function parseTarHeader(block: Buffer): TarHeader {
  const recorded = octal(block.subarray(148, 156), "checksum");
  let sum = 8 * 0x20;
  for (const [at, byte] of block.entries()) if (at < 148 || at >= 156) sum += byte;
  if (sum !== recorded) throw new Error("there is no header of an entry, or a damaged one: its checksum differs");
  const type = String.fromCharCode(block[156] ?? 0);
  const name = text(block.subarray(0, 100));
  const isUstar = block.toString("latin1", 257, 263) === "ustar\0";
  const prefix = isUstar ? text(block.subarray(345, 500)) : "";
  const link = text(block.subarray(157, 257));
  const path = prefix === "" ? name : `${prefix}/${name}`;
  const kind = kinds[type] ?? "other";
  // Old archives mark a folder by its name alone.
  const isFolder = kind === "file" && path.endsWith("/");
  return {
    path: kind === "folder" || isFolder ? path.replace(/\/$/, "") : path,
    size: octal(block.subarray(124, 136), `size of ${JSON.stringify(path)}`),
    kind: isFolder ? "folder" : kind,
    what: `${others[type] ?? `a thing of type ${JSON.stringify(type)}`}${link === "" ? "" : ` to ${link}`}`,
  };
}

/** Octal digits, spaces or a zero behind them. GNU's binary form is for sizes that nothing here has, and for negative ones. */
function octal(field: Buffer, what: string): number {
  const digits = /^ *([0-7]+)[ \0]*$/.exec(field.toString("latin1"))?.[1];
  if (digits === undefined) throw new Error(`the ${what} is no number that a backup could have`);
  return Number.parseInt(digits, 8);
}

/** Bytes that are no UTF-8 become U+FFFD, which no name may have. */
function text(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end === -1 ? field.length : end);
}
