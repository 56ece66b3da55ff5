import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../../src/model/errors.js";
import type { JournalEntry } from "../../../src/model/journal.js";

/** A journal as it was written. */
export interface TrueJournal {
  bytes: Buffer;
  entries: JournalEntry[];
}

/** What became of a damaged one: refused, read whole, or read as one whose last line was cut short. */
export type Ending = "refused" | "whole" | "shorter";

const lineFeed = 0x0a;

/**
 * Judges what was read of a damaged journal, from its bytes and the true ones alone. Where the first difference lies in a last
 * line without a line end, that line may have been cut short: it is left out, or kept where it lacks nothing but that end. Everywhere else
 * the file is refused, and the line of the first difference is named.
 *
 * @returns how it ended, or `wrong`: what was misread
 */
export function judge(
  { bytes, entries }: TrueJournal,
  damaged: Buffer,
  read: (bytes: Buffer) => JournalEntry[],
): Ending | { wrong: string } {
  const at = firstDifference(bytes, damaged);
  const start = at === 0 ? 0 : bytes.lastIndexOf(lineFeed, at - 1) + 1;
  const before = countLines(bytes.subarray(0, start));
  const line = bytes.subarray(start, Math.max(bytes.indexOf(lineFeed, start), start));
  const tail = damaged.subarray(start);
  const whole = line.length > 0 && tail.subarray(0, line.length).equals(line);
  const rest = tail.subarray(line.length);
  const kept = whole && (rest.length <= 1 || rest.every((byte) => byte === 0));
  const refuses = tail.includes(lineFeed) || (whole && !kept);
  const expected = entries.slice(0, before + Number(kept));
  try {
    const seen = read(damaged);
    if (refuses) return { wrong: `read as ${seen.length} entries, with damage in line ${before + 1}` };
    if (!isDeepStrictEqual(seen, expected)) return { wrong: `read as ${seen.length} entries, not ${expected.length}` };
    return seen.length === entries.length ? "whole" : "shorter";
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== "journal-damaged") return { wrong: String(error) };
    if (!refuses) return { wrong: `refused, where only the last line was cut short: ${error.message}` };
    const named = new RegExp(`line ${before + 1} `).test(error.message);
    return named ? "refused" : { wrong: `damage in line ${before + 1} is refused as ${error.message}` };
  }
}

function firstDifference(a: Buffer, b: Buffer): number {
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && a[at] === b[at]) at++;
  return at;
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) lines++;
  return lines;
}
