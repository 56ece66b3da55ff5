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
export function pieceOffset(name: string): number | undefined {
  return /^journal\/\d{12}$/.test(name) ? Number(name.slice(folder.length)) : undefined;
}

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
