import { UserError } from "../model/errors.js";
import { timeLimit } from "./deadline.js";
import type { RecordStore } from "./store.js";

/*
 * A journal only grows, and a store's entries are written whole: so it is kept in pieces, each named by the byte at which it
 * begins. A piece is written only where none begins there yet. Of two who both went on from the same journal one comes
 * second, and knows it before its effect is tried: that is what fences off a machine that slept.
 */

const folder = "journal/";

export function pieceName(offset: number): string {
  return `${folder}${String(offset).padStart(12, "0")}`;
}

/** The byte at which an entry's piece begins; undefined for other entries. */
function pieceOffset(name: string): number | undefined {
  return /^journal\/\d{12}$/.test(name) ? Number(name.slice(folder.length)) : undefined;
}

<<<<<<< HEAD
/**
 * A journal from its pieces. They are written one after the other, each where the last one ended; where a writer had to fill a gap its
 * piece may reach into later ones, and says the same as they do.
 *
 * @throws UserError `journal-damaged` where a piece is missing, was cut short, or contradicts another one
 */
export function joinPieces(entries: ReadonlyMap<string, Buffer>): Buffer {
  const pieces = [...entries].flatMap(([name, bytes]) => {
    const offset = pieceOffset(name);
    return offset === undefined ? [] : [{ name, offset, bytes }];
  });
  const joined: Buffer[] = [];
  let end = 0;
  for (const { name, offset, bytes } of pieces.sort((a, b) => a.offset - b.offset)) {
    if (offset > end) throw damagedCopy(`its bytes ${end} to ${offset} are missing`);
    const known = offset < end ? Buffer.concat(joined).subarray(offset, offset + bytes.length) : Buffer.alloc(0);
    if (!known.equals(bytes.subarray(0, known.length))) throw damagedCopy(`${name} contradicts the piece before it`);
    joined.push(bytes.subarray(known.length));
    end += bytes.length - known.length;
  }
  return Buffer.concat(joined);
=======
export interface Piece {
  name: string;
  offset: number;
  /** The byte behind it. */
  end: number;
}

/** The pieces among a run's entries, in order, as far as they follow on each other; and how many come behind a gap. */
export function piecesOf(entries: readonly { name: string; size: number }[]): { pieces: Piece[]; behindGap: number } {
  const all = entries.flatMap(({ name, size }) => {
    const offset = pieceOffset(name);
    return offset === undefined ? [] : [{ name, offset, end: offset + size }];
  });
  all.sort((a, b) => a.offset - b.offset);
  const gap = all.findIndex(({ offset }, index) => offset !== (all[index - 1]?.end ?? 0));
  const pieces = gap < 0 ? all : all.slice(0, gap);
  return { pieces, behindGap: all.length - pieces.length };
}

/** A journal from its pieces: as far as they follow on each other without a gap. */
export function joinPieces(entries: ReadonlyMap<string, Buffer>): Buffer {
  const { pieces } = piecesOf([...entries].map(([name, { length: size }]) => ({ name, size })));
  return Buffer.concat(pieces.map(({ name }) => entries.get(name) ?? Buffer.alloc(0)));
>>>>>>> 1023d2f (Go on, or back, from another machine: take a run's record from the bucket or from green, verified and whole)
}

function damagedCopy(why: string): UserError {
  return new UserError({
    code: "journal-damaged",
    what: `The copy of the journal isn't whole: ${why}.`,
    fix: "Use another copy: the run's folder, record.bucket, or green. Nothing was done, and nothing is assumed from it.",
  });
}

/** Somebody else's piece begins where ours should: this journal is not the run's any more. */
export class Superseded extends Error {
  constructor(
    readonly store: string,
    readonly offset: number,
  ) {
    super(`${store} has other entries from byte ${offset} on`);
    this.name = "Superseded";
  }
}

/**
 * Puts bytes of the journal behind what a store has; returns how many it has then. An answer that was lost is no trouble:
 * the piece that is there is compared.
 *
 * @throws Superseded
 */
export async function addPieces(
  store: RecordStore,
  run: string,
  offset: number,
  bytes: Buffer,
  deadlineMs: number,
): Promise<number> {
  let at = 0;
  while (at < bytes.length) {
    const piece = bytes.subarray(at, at + store.largest);
    const name = pieceName(offset + at);
    const version = await store.put(run, name, piece, "absent", timeLimit(deadlineMs));
    if (version !== undefined) {
      at += piece.length;
      continue;
    }
    const there = await store.get(run, name, timeLimit(deadlineMs));
    const length = there?.bytes.length ?? 0;
    if (!there || length === 0 || !bytes.subarray(at, at + length).equals(there.bytes)) {
      throw new Superseded(store.name, offset + at);
    }
    at += length;
  }
  return offset + at;
}
