import { messageOf, UserError } from "../../model/errors.js";
import { timeLimit } from "../../record/deadline.js";
import type { RecordStore } from "../../record/store.js";
import { takeLock } from "../../run/lock.js";
import { listRuns, newestRun, RunFolder } from "../../run/run-folder.js";
import type { Context } from "./command.js";
import type { Project } from "./project.js";
import { answerMs, openFirstStore, openStores } from "./record/stores.js";
import { catchUp, isBehind, type Silent, takeOver } from "./record/take-over.js";

/**
 * The run that --run names, or the newest, here or wherever copies of records are kept: what isn't here, or is behind, is taken from
 * there. Undefined where there is none.
 *
 * @throws UserError `usage` for an unknown --run, `journal-damaged`, `record-diverged`
 */
export async function findRun(project: Project, context: Context): Promise<RunFolder | undefined> {
  return (await lookForRun(project, context)).run;
}

/** The same, where a run is needed. */
export async function requireRun(project: Project, context: Context): Promise<RunFolder> {
  const found = await lookForRun(project, context);
  if (found.run) return found.run;
  throw noRun(project, found);
}

export function noRun(project: Project, { asked, silent }: Found): UserError {
  const elsewhere = asked.length === 0 ? "" : `, and no copy of one in ${asked.join(" or ")}`;
  return new UserError({
    code: "no-plan",
    what: [`There is no run in ${project.runsDir} yet${elsewhere}.`, ...silent.map(describeSilent)].join("\n"),
    fix: "clustershift plan",
  });
}

export interface Found {
  run: RunFolder | undefined;
  /** Stores that answered and had none. */
  asked: string[];
  silent: Silent[];
}

/** The same, with who was asked. */
export async function lookForRun(project: Project, context: Context): Promise<Found> {
  const here = await listRuns(project.runsDir);
  const wanted = context.args.run ?? here.at(-1);
  if (wanted === undefined || !here.includes(wanted)) return lookElsewhere(project, context, context.args.run, here);
  const run = new RunFolder(project.runsDir, wanted);
  const store = await openFirstStore(project, run, context);
  if (!store) return { run, asked: [], silent: [] };
  try {
    const newest = context.args.run ?? newestRun([...here, ...(await runsIn(store))]);
    if (newest !== undefined && newest !== wanted) return await lookElsewhere(project, context, newest, here);
    await freshen(run, store, context);
  } finally {
    await store.close().catch(() => undefined);
  }
  return { run, asked: [], silent: [] };
}

/** What is here is good enough where its store gives no answer: whoever writes is told. */
function runsIn(store: RecordStore): Promise<string[]> {
  return store.runs(timeLimit(answerMs)).catch(() => []);
}

/** While a command of this folder works, nothing is newer than what it writes. */
async function freshen(run: RunFolder, store: RecordStore, context: Context): Promise<void> {
  if (!(await isBehind(run, store))) return;
  const lock = await takeLock(run.lockPath, "catch up", context.edges.now()).catch(() => undefined);
  if (!lock) return;
  try {
    await catchUp(run, [store], context);
  } finally {
    await lock.release();
  }
}

async function lookElsewhere(
  project: Project,
  context: Context,
  wanted: string | undefined,
  here: readonly string[],
): Promise<Found> {
  const stores = await openStores(project, undefined, context);
  try {
    const silent: Silent[] = [];
    const asked: string[] = [];
    const ids: string[] = [];
    for (const store of stores) {
      try {
        ids.push(...(await store.runs(timeLimit(answerMs))));
        asked.push(store.name);
      } catch (error) {
        silent.push({ store: store.name, why: messageOf(error) });
      }
    }
    const id = newestRun(wanted === undefined ? ids : ids.filter((each) => each === wanted));
    if (id === undefined) {
      if (wanted !== undefined) throw unknownRun(wanted, project, [...here, ...ids], silent);
      return { run: undefined, asked, silent };
    }
    const taken = await takeOver(new RunFolder(project.runsDir, id), stores, context);
    return { run: taken.run, asked, silent: taken.silent };
  } finally {
    await Promise.all(stores.map((store) => store.close().catch(() => undefined)));
  }
}

function unknownRun(wanted: string, { runsDir }: Project, known: readonly string[], silent: readonly Silent[]) {
  const runs = [...new Set(known)].sort();
  return new UserError({
    code: "usage",
    what: [`There is no run "${wanted}" in ${runsDir}.`, ...silent.map(describeSilent)].join("\n"),
    fix: runs.length > 0 ? `Runs there are: ${runs.join(", ")}.` : "Begin one: clustershift plan",
  });
}

function describeSilent({ store, why }: Silent): string {
  return `${store} gave no answer: ${why}`;
}
