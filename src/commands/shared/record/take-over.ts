import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { messageOf, UserError } from "../../../model/errors.js";
import { howToMendCopy } from "../../../record/pieces.js";
import { type Copy, furthest, journalSize, readCopy } from "../../../record/read-back.js";
import type { RecordStore } from "../../../record/store.js";
import { syncFolder, writeFileAtomic } from "../../../run/atomic-file.js";
import { parseJournal } from "../../../run/journal.js";
import { RunFolder } from "../../../run/run-folder.js";
import { stateFileNames } from "../../../run/state-files.js";
import type { Context } from "../command.js";
import { readCopies, type Taken, writeCopies } from "./copies-file.js";
import { answerMs } from "./stores.js";

/** Milliseconds for a whole record: it is read once, and there is nothing to do without it. */
const wholeMs = 60_000;

/** A store that was asked and didn't answer. */
export interface Silent {
  store: string;
  why: string;
}

/**
 * Makes a run's folder of what the stores have of it: whole, or not at all. It then is as the machine left it that worked on it
 * before, but for what no copy has: the bundle, and every secret.
 *
 * @returns undefined where no store has it
 * @throws UserError `journal-damaged`, `record-diverged`
 */
export async function takeOver(
  run: RunFolder,
  stores: readonly RecordStore[],
  context: Context,
): Promise<{ run: RunFolder | undefined; silent: Silent[] }> {
  const { copies, silent } = await readAll(stores, run.id);
  const copy = furthest(copies, run.id);
  if (!copy) return { run: undefined, silent };
  const taken = takenFrom(copy, run, context);
  const runsDir = dirname(run.dir);
  const draft = new RunFolder(runsDir, `.${run.id}.${randomUUID()}`);
  await mkdir(draft.dir, { recursive: true });
  try {
    await writeRecord(draft, copy);
    await writeCopies(draft, { format: 1, tokens: [], stores: [], taken });
    await moveInto(draft.dir, run.dir);
    await syncFolder(runsDir);
  } finally {
    await rm(draft.dir, { recursive: true, force: true });
  }
  context.progress.line(`run ${run.id} was taken from ${describeTaken(taken)}`);
  for (const { store, why } of silent) {
    context.progress.warn(`${store} may know more of run ${run.id}, and gave no answer: ${why}`);
  }
  return { run, silent };
}

/** Whether a store has more of a run than its folder; false where it gives no answer. */
export async function isBehind(run: RunFolder, store: RecordStore): Promise<boolean> {
  const size = await journalSize(store, run.id, answerMs).catch(() => 0);
  // In this order: a command that works here writes to the folder first.
  return size > (await soundBytes(run)).length;
}

/**
 * Brings a run's folder up to date where somebody went on with it from a store's copy. What went another way is left as it is:
 * whoever writes next is refused. The caller holds the run's lock.
 */
export async function catchUp(run: RunFolder, stores: readonly RecordStore[], context: Context): Promise<void> {
  const here = await soundBytes(run);
  const ahead: RecordStore[] = [];
  for (const store of stores) if (await isBehind(run, store)) ahead.push(store);
  if (ahead.length === 0) return;
  const { copies } = await readAll(ahead, run.id);
  const copy = furthest(copies, run.id);
  if (!copy?.journal.subarray(0, here.length).equals(here)) return;
  const taken = takenFrom(copy, run, context);
  await writeRecord(run, copy);
  await writeCopies(run, { ...(await readCopies(run)), taken });
  context.progress.line(`run ${run.id} was brought up to date from ${describeTaken(taken)}`);
}

/** `s3://acme-backup/clustershift/blue.acme.example, as it stood at …` */
export function describeTaken({ store, upTo }: Omit<Taken, "at">): string {
  return upTo === null ? store : `${store}, as it stood at ${upTo}`;
}

async function readAll(stores: readonly RecordStore[], run: string): Promise<{ copies: Copy[]; silent: Silent[] }> {
  const copies: Copy[] = [];
  const silent: Silent[] = [];
  await Promise.all(
    stores.map(async (store, index) => {
      try {
        const copy = await readCopy(store, run, wholeMs);
        if (copy) copies[index] = copy;
      } catch (error) {
        if (error instanceof UserError && error.code === "journal-damaged") throw error;
        silent.push({ store: store.name, why: messageOf(error) });
      }
    }),
  );
  return { copies: copies.filter((copy) => copy !== undefined), silent };
}

/** @throws UserError `journal-damaged` where the copy's checksums don't fit */
function takenFrom({ store, journal }: Copy, run: RunFolder, { edges }: Context): Taken {
  const { entries } = parseJournal(journal, `The copy of run ${run.id} in ${store}`, {
    fix: howToMendCopy,
  });
  return { store, at: edges.now().toISOString(), upTo: entries.at(-1)?.at ?? null };
}

/** The journal last: what is read with it is then there. */
async function writeRecord(run: RunFolder, { journal, state }: Copy): Promise<void> {
  for (const name of stateFileNames) {
    const text = state.get(name);
    if (text !== undefined) await writeFileAtomic(run.path(name), text);
  }
  if (journal.length > 0) await writeFileAtomic(run.journalPath, journal);
}

/** The journal here, without a tail that a crash tore. */
async function soundBytes(run: RunFolder): Promise<Buffer> {
  const bytes = await readFile(run.journalPath).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return Buffer.alloc(0);
    throw error;
  });
  return bytes.subarray(0, parseJournal(bytes, run.journalPath).goodBytes);
}

/** Whoever comes second finds the other's folder, which is as good. */
export async function moveInto(draft: string, folder: string): Promise<void> {
  try {
    await rename(draft, folder);
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}
