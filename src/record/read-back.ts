import { UserError } from "../model/errors.js";
import { timeLimit } from "./deadline.js";
import { joinPieces, piecesOf } from "./pieces.js";
import { stateOf } from "./state-copies.js";
import type { RecordStore } from "./store.js";

/** One run's record as a store has it. */
export interface Copy {
  /** The store's name. */
  store: string;
  /** Not looked at: whoever takes it verifies its checksums. */
  journal: Buffer;
  /** State files by name. */
  state: Map<string, string>;
}

/**
 * A run's record, whole; undefined where the store has nothing of it.
 *
 * @throws UserError `journal-damaged` where its pieces make no whole journal; or whatever the store throws
 */
export async function readCopy(store: RecordStore, run: string, deadlineMs: number): Promise<Copy | undefined> {
  const entries = await store.all(run, timeLimit(deadlineMs));
  const journal = joinPieces(entries, `The copy of run ${run} in ${store.name}`);
  const state = stateOf(entries);
  return journal.length === 0 && state.size === 0 ? undefined : { store: store.name, journal, state };
}

/**
 * Of several copies the one that goes on furthest: a store that didn't answer for a while has less, and never anything else.
 *
 * @throws UserError `record-diverged` where two of them went different ways
 */
export function furthest(copies: readonly Copy[], run: string): Copy | undefined {
  let longest: Copy | undefined;
  for (const copy of copies) if (!longest || copy.journal.length > longest.journal.length) longest = copy;
  for (const { store, journal } of copies) {
    if (longest?.journal.subarray(0, journal.length).equals(journal)) continue;
    throw new UserError({
      code: "record-diverged",
      what: `The copies of run ${run} in ${longest?.store} and in ${store} went different ways. Neither was taken, and nothing was done.`,
      fix: "docs/runbook.md, 44, says how to compare the two; then leave the wrong one out, by `record` in clustershift.yaml.",
    });
  }
  return longest;
}

/** Bytes of a run's journal that a store has. */
export async function journalSize(store: RecordStore, run: string, deadlineMs: number): Promise<number> {
  return piecesOf(await store.names(run, timeLimit(deadlineMs))).last?.end ?? 0;
}
