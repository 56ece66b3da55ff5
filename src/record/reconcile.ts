import { UserError } from "../model/errors.js";

/** A run's journal as somebody has it: whole entries only, their checksums seen to fit. */
export interface JournalCopy {
  /** Where: a path, or a store's name. */
  from: string;
  bytes: Buffer;
}

/**
 * The newest of several copies of one journal: the one that the others are the beginning of. The first of those that are
 * equal. Nothing says which one is right where two went different ways, so then nothing is assumed.
 *
 * @throws UserError `record-diverged` naming both, and the line where they part
 */
export function newestOf<Copy extends JournalCopy>(first: Copy, ...others: readonly Copy[]): Copy {
  let newest = first;
  for (const copy of others) {
    const [short, long] = copy.bytes.length > newest.bytes.length ? [newest, copy] : [copy, newest];
    if (!isBeginning(short.bytes, long.bytes)) throw diverged(newest, copy);
    newest = long;
  }
  return newest;
}

export function isBeginning(short: Buffer, long: Buffer): boolean {
  return long.subarray(0, short.length).equals(short);
}

function diverged(one: JournalCopy, other: JournalCopy): UserError {
  const lines = [one, other].map(({ bytes }) => bytes.toString("utf8").split("\n"));
  const [mine = [], theirs = []] = lines;
  const at = mine.findIndex((line, index) => line !== theirs[index]);
  return new UserError({
    code: "record-diverged",
    what: [
      `Two records of this run part at line ${at + 1}, so nothing is assumed from either:`,
      `  ${one.from} goes on with ${describe(mine[at])}`,
      `  ${other.from} goes on with ${describe(theirs[at])}`,
    ].join("\n"),
    fix: "Find out which of the two acted last. Move this machine's run folder aside to take the copy, or rename the copy to keep what is here; then run the same command again.",
  });
}

/** `intent cutover-1/route53:Z1/25 at 2026-…` */
function describe(line = ""): string {
  if (line === "") return "nothing";
  const { type, step, phase, event, at } = JSON.parse(line) as Record<string, string | undefined>;
  return `${type} ${step ?? `${phase}/${event}`} at ${at}`;
}
