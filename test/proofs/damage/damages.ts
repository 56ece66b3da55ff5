import type { TrueJournal } from "./judge.js";

/** One way in which disks, editors and copies spoil a file. */
export interface Damage {
  kind: string;
  bytes: Buffer;
}

export interface DamageOptions {
  random: () => number;
  /** Cuts are made at each so many bytes. */
  cutEvery: number;
  /** So many flips of one bit, and as many of two. */
  flips: number;
  /** Another true journal, whose lines may get in. */
  other: TrueJournal;
}

/** Damages of a journal, one after the other: each differs from the true bytes. */
export function* damagesOf({ bytes, entries }: TrueJournal, options: DamageOptions): Generator<Damage> {
  const { random, cutEvery, flips, other } = options;
  const below = (most: number) => Math.floor(random() * most);
  const flipped = (from: Buffer, at: number, bit: number) => {
    const copy = Buffer.from(from);
    copy[at] = (copy[at] ?? 0) ^ (1 << bit);
    return copy;
  };
  for (let length = 0; length < bytes.length; length += cutEvery)
    yield { kind: "cut short", bytes: bytes.subarray(0, length) };
  for (let count = 0; count < flips; count++)
    yield { kind: "one bit flipped", bytes: flipped(bytes, below(bytes.length), below(8)) };
  for (let bit = 0; bit < 8; bit++)
    yield { kind: "last line end flipped", bytes: flipped(bytes, bytes.length - 1, bit) };
  for (let count = 0; count < flips; count++) {
    const [one, two] = [below(bytes.length * 8), below(bytes.length * 8 - 1)];
    const first = flipped(bytes, one >> 3, one & 7);
    // Never the same bit again.
    const second = two < one ? two : two + 1;
    yield { kind: "two bits flipped", bytes: flipped(first, second >> 3, second & 7) };
  }
  const lastLine = bytes.lastIndexOf(0x0a, bytes.length - 2) + 1;
  const unended = flipped(bytes, bytes.length - 1, below(8));
  for (let count = 0; count < flips / 10; count++) {
    const at = lastLine + below(bytes.length - 1 - lastLine);
    yield { kind: "last line end and its line flipped", bytes: flipped(unended, at, below(8)) };
  }
  yield* damagedLines(linesOf(bytes), linesOf(other.bytes));
  const last = entries.length;
  const additions = ["garbage\n", "garbage", "\n", " ", "{}\n", "null\n", `${linesOf(other.bytes)[last] ?? "x"}\n`];
  for (const text of additions) yield { kind: "something appended", bytes: Buffer.concat([bytes, Buffer.from(text)]) };
  for (const count of [1, 2, 511, 4_096]) {
    const nuls = Buffer.alloc(count);
    yield { kind: "NULs appended", bytes: Buffer.concat([bytes, nuls]) };
    yield { kind: "end became NULs", bytes: Buffer.concat([bytes.subarray(0, -count), nuls]) };
  }
  for (let at = 0; at < bytes.length; at += 4_096) {
    const block = Buffer.from(bytes);
    yield { kind: "a block became NULs", bytes: block.fill(0, at, Math.min(at + 4_096, bytes.length)) };
    yield { kind: "a block is missing", bytes: Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 4_096)]) };
  }
  const text = bytes.toString("utf8");
  yield { kind: "line ends of Windows", bytes: Buffer.from(text.replaceAll("\n", "\r\n")) };
  yield { kind: "line ends of old Macs", bytes: Buffer.from(text.replaceAll("\n", "\r")) };
  yield { kind: "a byte order mark", bytes: Buffer.from(`\ufeff${text}`) };
  yield { kind: "another encoding", bytes: Buffer.from(text, "utf16le") };
  yield { kind: "formatted", bytes: Buffer.from(text.replaceAll('":', '": ')) };
}

/** Lines that are gone, changed places, came twice, or are another journal's. */
function* damagedLines(lines: readonly string[], others: readonly string[]): Generator<Damage> {
  const damage = (kind: string, changed: readonly string[]): Damage => ({
    kind,
    bytes: Buffer.from(changed.map((line) => `${line}\n`).join("")),
  });
  for (const [index, line] of lines.entries()) {
    // Without its last lines a journal is one that ended there: no file can say that it was longer.
    if (index < lines.length - 1) yield damage("a line is missing", lines.toSpliced(index, 1));
    if (index > 0) yield damage("two lines swapped", lines.toSpliced(index - 1, 2, line, lines[index - 1] ?? ""));
    yield damage("a line twice", lines.toSpliced(index, 0, line));
    yield damage("a line emptied", lines.toSpliced(index, 1, ""));
    const theirs = others[index];
    // Its first line would fit: the line after it wouldn't.
    if (index > 0 && theirs !== undefined) yield damage("another journal's line", lines.toSpliced(index, 1, theirs));
    if (index > 0) yield damage("its beginning is missing", lines.slice(index));
  }
}

export function linesOf(bytes: Buffer): string[] {
  return bytes.toString("utf8").replace(/\n$/, "").split("\n");
}
