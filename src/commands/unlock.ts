import { hostname, userInfo } from "node:os";
import { messageOf, UserError } from "../model/errors.js";
import type { JournalEntry } from "../model/journal.js";
import { describeOwner, type LockOwner } from "../model/lock.js";
import { breakSharedLock, readSharedLock } from "../record/shared-lock.js";
import type { RecordStore } from "../record/store.js";
import { readJournal } from "../run/journal.js";
import { isDead, readOwner, takeLock } from "../run/lock.js";
import { type Command, type Context, dryRunOption } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { openProject } from "./shared/project.js";
import { answerMs, openStores } from "./shared/record/stores.js";

/** One place that says who holds the run. */
interface FoundLock {
  where: string;
  holder: LockOwner;
  /** Of a lock in a store. */
  epoch?: number;
  /** By the holder's clock. */
  lastHeard?: string;
}

export const unlockCommand: Command = {
  name: "unlock",
  summary: "Take a run from a machine that is gone or asleep.",
  description:
    "Says who holds the run, since when, when they were last heard of, and in which steps they were; then breaks their locks in this folder, in the bucket and in green. Should that machine wake up, it is refused before it writes anything. A process that still runs on this host is not unlocked: stop it instead.",
  options: { ...dryRunOption },
  examples: [
    { command: "clustershift unlock --dry-run", what: "who holds it, and in the middle of what" },
    { command: "clustershift unlock --run 20261128T220000Z", what: "" },
  ],
  async run(args, context) {
    const project = await openProject(context);
    const run = await requireRun(project, context);
    const stores = await openStores(project, run, context);
    try {
      const own = await readOwner(run.lockPath);
      const { shared, silent } = await sharedLocks(stores, run.id);
      const locks: FoundLock[] = [...(own ? [{ where: run.lockPath, holder: own }] : []), ...shared];
      const begun = openSteps(await readJournal(run.journalPath));
      if (!args.dryRun) {
        if (own && own.host === hostname() && !isDead(own)) throw stillRuns(own);
        for (const store of stores) {
          if (shared.some(({ where }) => where === store.name)) await breakLock(store, run.id, context);
        }
        if (own) await (await takeLock(run.lockPath, "unlock", context.edges.now(), own)).release();
      }
      return {
        code: "ok",
        json: { run: run.id, dryRun: args.dryRun === true, locks, begun, silent },
        text: [
          ...(locks.length === 0 ? ["Nobody holds this run."] : []),
          ...locks.map((lock) => `${args.dryRun ? "Would break" : "Broken"}  ${describeLock(lock)}`),
          ...begun.map(({ step, at }) => `Begun   ${step} at ${at}, and not known to be done`),
          ...silent.map(({ store, why }) => `Silent  ${store}: ${why}; a lock there stands`),
          ...(begun.length > 0 ? ["The next command looks at each of these first: clustershift cutover goes on."] : []),
          "Next: clustershift status",
        ].join("\n"),
      };
    } finally {
      await Promise.all(stores.map((store) => store.close()));
    }
  },
};

async function sharedLocks(stores: readonly RecordStore[], run: string) {
  const shared: FoundLock[] = [];
  const silent: { store: string; why: string }[] = [];
  for (const store of stores) {
    try {
      const { lock } = (await readSharedLock(store, run, answerMs)) ?? {};
      if (lock?.holder)
        shared.push({ where: store.name, holder: lock.holder, epoch: lock.epoch, lastHeard: lock.renewedAt });
    } catch (error) {
      silent.push({ store: store.name, why: messageOf(error) });
    }
  }
  return { shared, silent };
}

async function breakLock(store: RecordStore, run: string, { edges }: Context): Promise<void> {
  const by = { by: userInfo().username, host: hostname(), at: edges.now().toISOString() };
  await breakSharedLock(store, run, by, answerMs);
}

/** Steps whose last word is their intent. */
function openSteps(entries: readonly JournalEntry[]): { step: string; at: string }[] {
  const open = new Map<string, string>();
  for (const entry of entries) {
    if (entry.type === "intent") open.set(entry.step, entry.at);
    else if (entry.type !== "event") open.delete(entry.step);
  }
  return [...open].map(([step, at]) => ({ step, at }));
}

function describeLock({ where, holder, epoch, lastHeard }: FoundLock): string {
  const heard = lastHeard === undefined ? "" : `, last heard of ${lastHeard}, epoch ${epoch}`;
  return `${where}: ${describeOwner(holder)}${heard}`;
}

function stillRuns(owner: LockOwner): UserError {
  return new UserError({
    code: "locked",
    what: `${describeOwner(owner)}: that process is of this host, and it lives.`,
    fix: `Stop it with Ctrl-C, or \`kill ${owner.pid}\`: it ends between two steps and gives the run back.`,
  });
}
