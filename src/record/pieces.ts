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

/** A journal from its pieces: as far as they follow on each other without a gap. */
export function joinPieces(entries: ReadonlyMap<string, Buffer>): Buffer {
  const pieces = [...entries].flatMap(([name, bytes]) => {
    const offset = pieceOffset(name);
    return offset === undefined ? [] : [{ offset, bytes }];
  });
  const joined: Buffer[] = [];
  let end = 0;
  for (const { offset, bytes } of pieces.sort((a, b) => a.offset - b.offset)) {
    if (offset !== end) break;
    joined.push(bytes);
    end += bytes.length;
  }
  return Buffer.concat(joined);
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
