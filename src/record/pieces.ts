import { UserError } from "../model/errors.js";
import { timeLimit } from "./deadline.js";
import type { RecordStore } from "./store.js";

/*
 * A journal only grows, and a store's entries are written whole: so it is kept in pieces, each named by the byte at which it
 * begins. A piece is written only where none begins there yet. Of two who both went on from the same journal one comes
 * second, and knows it before its effect is tried: that is what fences off a machine that slept.
 */

const folder = "journal/";

/** What to do about a copy of a journal that is damaged. */
export const howToMendCopy =
  "Bring the damaged entry back (an S3 bucket with versions has it). Or leave that store out, by `record` in clustershift.yaml: then the other copy is taken. Nothing was done, and nothing is assumed from it.";

export function pieceName(offset: number): string {
  return `${folder}${String(offset).padStart(12, "0")}`;
}

/** The byte at which an entry's piece begins; undefined for other entries. */
function pieceOffset(name: string): number | undefined {
  return /^journal\/\d{12}$/.test(name) ? Number(name.slice(folder.length)) : undefined;
}

export interface Piece {
  name: string;
  offset: number;
  /** The byte behind it. */
  end: number;
}

/**
 * The pieces among a run's entries, in order, as far as they follow on each other. They are written one after the other, each where the
 * last one ended; where a writer had to fill a gap its piece may reach into later ones, and says the same as they do.
 */
export function piecesOf(entries: readonly { name: string; size: number }[]): {
  pieces: Piece[];
  /** The piece that reaches furthest. */
  last: Piece | undefined;
  /** The bytes that are missing before the next piece, where there are more. */
  gap: { from: number; to: number } | undefined;
} {
  const all = entries.flatMap(({ name, size }) => {
    const offset = pieceOffset(name);
    return offset === undefined ? [] : [{ name, offset, end: offset + size }];
  });
  const pieces: Piece[] = [];
  let last: Piece | undefined;
  for (const piece of all.sort((a, b) => a.offset - b.offset)) {
    const from = last?.end ?? 0;
    if (piece.offset > from) return { pieces, last, gap: { from, to: piece.offset } };
    pieces.push(piece);
    if (!last || piece.end >= last.end) last = piece;
  }
  return { pieces, last, gap: undefined };
}

/**
 * A journal from its pieces.
 *
 * @param copy how the copy is named in messages
 * @throws UserError `journal-damaged` where a piece is missing, was cut short, or contradicts another one
 */
export function joinPieces(entries: ReadonlyMap<string, Buffer>, copy = "The copy of the journal"): Buffer {
  const { pieces, last, gap } = piecesOf([...entries].map(([name, { length: size }]) => ({ name, size })));
  if (gap) throw damaged(copy, `its bytes ${gap.from} to ${gap.to} are missing`);
  const joined = Buffer.alloc(last?.end ?? 0);
  let end = 0;
  for (const { name, offset } of pieces) {
    const bytes = entries.get(name) ?? Buffer.alloc(0);
    const known = joined.subarray(offset, Math.min(end, offset + bytes.length));
    if (!known.equals(bytes.subarray(0, known.length))) throw damaged(copy, `${name} contradicts the piece before it`);
    bytes.copy(joined, offset);
    end = Math.max(end, offset + bytes.length);
  }
  return joined;
}

function damaged(copy: string, why: string): UserError {
  return new UserError({
    code: "journal-damaged",
    what: `${copy} isn't whole: ${why}.`,
    fix: howToMendCopy,
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
