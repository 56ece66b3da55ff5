import { stat } from "node:fs/promises";
import { messageOf } from "../../../model/errors.js";
import type { JournalEntry } from "../../../model/journal.js";
import { describeOwner, type LockOwner } from "../../../model/lock.js";
import type { Plan } from "../../../model/plan.js";
import type { GreenRecord } from "../../../model/run.js";
import { timeLimit } from "../../../record/deadline.js";
import { joinPieces } from "../../../record/pieces.js";
import { runReader } from "../../../record/run-reader.js";
import { readSharedLock } from "../../../record/shared-lock.js";
import { stateOf } from "../../../record/state-copies.js";
import type { RecordStore } from "../../../record/store.js";
import { parseJournal, readJournal } from "../../../run/journal.js";
import { isDead, readOwner } from "../../../run/lock.js";
import { listRuns, newestRun, RunFolder } from "../../../run/run-folder.js";
import { misshapen, type StateFiles } from "../../../run/state-files.js";
import type { Context } from "../command.js";
import type { Project } from "../project.js";
import { describeCopy, readCopies } from "../record/copies-file.js";
import { answerMs, openStores } from "../record/stores.js";

/** A run as it is where somebody works on it now. */
export interface NewestRecord {
  run: string;
  /** Where it was read. */
  from: string;
  entries: readonly JournalEntry[];
  plan?: Plan | undefined;
  green?: GreenRecord | undefined;
  work: string | null;
  warnings: string[];
}

type Read = Omit<NewestRecord, "run">;

/**
 * Reads a run's record where it is newest: in this machine's folder while somebody works there, else in whichever of the folder and
 * its copies has most of it. Read only, and without a lock.
 */
export async function openNewestRecord(
  project: Project,
  context: Context,
): Promise<{ read(): Promise<NewestRecord | undefined>; close(): Promise<void> }> {
  let local = await localRun(project, context);
  const stores = await openStores(project, local, context);
  const readLocal = localReader();
  const copies = new Map<string, () => Promise<ReadonlyMap<string, Buffer>>>();
  const readCopy = async (store: RecordStore, run: string): Promise<Read> => {
    const key = `${store.name} ${run}`;
    const reader = copies.get(key) ?? runReader(store, run, answerMs);
    copies.set(key, reader);
    return copyOf(store, run, await reader());
  };
  return {
    async read() {
      local = (await localRun(project, context)) ?? local;
      const here = local && (await readLocal(local));
      if (local && here?.atWork) return { run: local.id, ...here };
      const run = local?.id ?? context.args.run ?? (await newestIn(stores));
      if (run === undefined) return undefined;
      const silent: string[] = [];
      const there: Read[] = [];
      for (const store of stores) {
        await readCopy(store, run).then(
          (copy) => there.push(copy),
          (error: unknown) => silent.push(`${store.name} can't be read: ${messageOf(error)}`),
        );
      }
      const newest = [...(here ? [here] : []), ...there].reduce<Read | undefined>(
        (best, each) => (best && best.entries.length >= each.entries.length ? best : each),
        undefined,
      );
      if (!newest || (newest !== here && newest.entries.length === 0 && newest.plan === undefined)) {
        if (silent.length > 0) throw new Error(silent.join("; "));
        return undefined;
      }
      const work = newest.work ?? there.find((each) => each.work !== null)?.work ?? null;
      return { run, ...newest, work, warnings: [...newest.warnings, ...silent, ...divergences(newest, here, there)] };
    },
    async close() {
      await Promise.all(stores.map((store) => store.close().catch(() => undefined)));
    },
  };
}

/** The run that is named, or the newest, where it is here. Unlike other commands, whoever watches takes nothing over. */
async function localRun({ runsDir }: Project, { args }: Context): Promise<RunFolder | undefined> {
  const here = await listRuns(runsDir);
  const wanted = args.run ?? newestRun(here);
  return wanted !== undefined && here.includes(wanted) ? new RunFolder(runsDir, wanted) : undefined;
}

async function newestIn(stores: readonly RecordStore[]): Promise<string | undefined> {
  const found = await Promise.allSettled(stores.map((store) => store.runs(timeLimit(answerMs))));
  const runs = found.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
  const failed = found.find((each) => each.status === "rejected");
  if (runs.length === 0 && failed) throw failed.reason;
  return newestRun(runs);
}

/** The journal is read again only where its file is another one. */
function localReader() {
  let read: { size: number; mtimeMs: number; file: string; entries: JournalEntry[] } | undefined;
  return async (run: RunFolder): Promise<Read & { atWork: boolean }> => {
    const file = run.journalPath;
    const { size, mtimeMs } = await stat(file).catch(() => ({ size: 0, mtimeMs: 0 }));
    if (read?.file !== file || read.size !== size || read.mtimeMs !== mtimeMs)
      read = { size, mtimeMs, file, entries: await readJournal(file) };
    const owner = await readOwner(run.lockPath);
    const { stores } = await readCopies(run);
    const [plan, green] = await Promise.all([run.read("plan.json"), run.read("green.json")]);
    return {
      ...{ from: file, entries: read.entries, plan, green },
      work: owner ? workOf(owner) : null,
      warnings: stores.flatMap((copy) => (copy.trouble === null ? [] : [describeCopy(copy)])),
      atWork: owner !== undefined && !isDead(owner),
    };
  };
}

function workOf(owner: LockOwner): string {
  return isDead(owner) ? `nobody any more: ${describeOwner(owner)}, and that process is gone` : describeOwner(owner);
}

async function copyOf(store: RecordStore, run: string, entries: ReadonlyMap<string, Buffer>): Promise<Read> {
  const state = stateOf(entries);
  const stateFile = <Name extends keyof StateFiles>(name: Name): StateFiles[Name] | undefined => {
    const text = state.get(name);
    if (text === undefined) return undefined;
    const value = JSON.parse(text) as StateFiles[Name];
    return misshapen(name, value) === undefined ? value : undefined;
  };
  const { lock } = (await readSharedLock(store, run, answerMs)) ?? {};
  return {
    from: store.name,
    entries: parseJournal(joinPieces(entries), store.name).entries,
    ...{ plan: stateFile("plan.json"), green: stateFile("green.json") },
    work: lock?.holder ? `${describeOwner(lock.holder)}, last heard of ${lock.renewedAt}` : null,
    warnings: [],
  };
}

/** Records of one run are beginnings of each other, or two machines went different ways. */
function divergences(newest: Read, here: Read | undefined, there: readonly Read[]): string[] {
  return [...(here ? [here] : []), ...there]
    .filter((each) => each.entries.at(-1)?.sum !== newest.entries[each.entries.length - 1]?.sum)
    .map(({ from }) => `${from} goes on otherwise than ${newest.from}: docs/runbook.md, 44`);
}
