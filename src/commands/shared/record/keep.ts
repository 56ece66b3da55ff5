import { readFile } from "node:fs/promises";
import { UserError } from "../../../model/errors.js";
import type { JournalEntry } from "../../../model/journal.js";
import type { LockOwner } from "../../../model/lock.js";
import { type HeldLocks, holdLocks } from "../../../record/held-locks.js";
import { Mirror } from "../../../record/mirror.js";
import { Superseded } from "../../../record/pieces.js";
import type { RecordStore } from "../../../record/store.js";
import { isDead } from "../../../run/lock.js";
import type { RunFolder } from "../../../run/run-folder.js";
import { stateFileNames } from "../../../run/state-files.js";
import type { Context } from "../command.js";
import type { Project } from "../project.js";
import { type CopyState, readCopies, type Taken, writeCopies } from "./copies-file.js";
import { answerMs as deadlineMs, openStores } from "./stores.js";
import { catchUp } from "./take-over.js";

/** Milliseconds without a renewal after which the stores are asked whether the lock is still ours. */
const ttlMs = 60_000;

/** Commands that move traffic or remove what can't be made again: each of their intents is copied before its effect. */
const careful: ReadonlySet<string> = new Set(["prepare", "cutover", "rollback", "teardown"]);

/** A run's record as it is kept outside of this machine while a command works. */
export interface KeptRecord {
  /** @throws UserError `locked` where somebody else may have gone on with the run meanwhile */
  assertHeld(): Promise<void>;
  /** Takes what another machine added meanwhile; before the journal is opened. */
  catchUp(): Promise<void>;
  /** Copies what is on disk so far; and from here on each line that `written` is told of. */
  begin(journal: Buffer): Promise<void>;
  /** @throws UserError `record-diverged` */
  written(line: Buffer, entry: JournalEntry): Promise<void>;
  /** The last of it, then the locks are given back. Nothing is thrown. */
  end(): Promise<void>;
}

/** Locks a run wherever its record is kept. What can't be reached is warned of, and stops nothing. @throws UserError `locked` */
export async function keepRecord(
  command: string,
  project: Project,
  run: RunFolder,
  context: Context,
  owner: LockOwner,
): Promise<KeptRecord> {
  const stores = await openStores(project, run, context);
  const closeAll = () => Promise.all(stores.map((store) => store.close().catch(() => undefined)));
  try {
    const kept = new Kept(command, run, context, stores);
    await kept.lock(owner);
    return {
      assertHeld: () => kept.assertHeld(),
      catchUp: () => kept.catchUp(),
      begin: (journal) => kept.begin(journal),
      written: (line, entry) => kept.written(line, entry),
      end: async () => {
        await kept.end();
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

class Kept {
  readonly #command: string;
  readonly #run: RunFolder;
  readonly #context: Context;
  readonly #stores: readonly RecordStore[];
  readonly #states = new Map<string, CopyState>();
  #tokens: string[] = [];
  #taken: Taken | undefined;
  #locks: HeldLocks | undefined;
  #mirrors: Mirror[] = [];
  /** State of the copies goes to disk one after the other. */
  #noted: Promise<void> = Promise.resolve();

  constructor(command: string, run: RunFolder, context: Context, stores: readonly RecordStore[]) {
    this.#command = command;
    this.#run = run;
    this.#context = context;
    this.#stores = stores;
  }

  async lock(owner: LockOwner): Promise<void> {
    if (this.#stores.length === 0) return;
    const before = await readCopies(this.#run);
    for (const { name } of this.#stores) {
      const known = before.stores.find(({ store }) => store === name);
      this.#states.set(name, known ?? { store: name, wholeAt: null, trouble: null });
    }
    // Before it is taken: a process that is killed right after leaves a lock that the next one of this folder knows.
    this.#tokens = [...before.tokens, owner.token];
    this.#taken = before.taken;
    await this.#note();
    this.#locks = await holdLocks(this.#stores, this.#run.id, {
      owner,
      now: () => this.#context.edges.now().getTime(),
      monotonic: () => performance.now(),
      // Of this folder, and of this host: a folder that was copied elsewhere knows the same tokens.
      isGone: (holder) => before.tokens.includes(holder.token) && isDead(holder),
      deadlineMs,
      ttlMs,
    });
    if (this.#locks.troubles.length === 0) this.#tokens = [owner.token];
  }

  async assertHeld(): Promise<void> {
    await this.#locks?.assertHeld();
  }

  async catchUp(): Promise<void> {
    const silent = this.#locks?.troubles.map(({ store }) => store) ?? [];
    const answering = this.#stores.filter(({ name }) => !silent.includes(name));
    await catchUp(this.#run, answering, this.#context);
    this.#taken = (await readCopies(this.#run)).taken;
  }

  async begin(journal: Buffer): Promise<void> {
    const troubles = this.#locks?.troubles ?? [];
    for (const { store, why } of troubles) this.#changed(store, why);
    this.#mirrors = this.#stores.map((store) => {
      const edges = {
        deadlineMs,
        monotonic: () => performance.now(),
        onChange: (name: string, trouble: string | undefined) => this.#changed(name, trouble),
      };
      return new Mirror(
        store,
        this.#run.id,
        journal,
        edges,
        troubles.some((trouble) => trouble.store === store.name),
      );
    });
    // What goes back must be there before anything is moved; elsewhere what there is goes along at the end.
    await this.#all(async (mirror) => {
      await mirror.flush();
      if (careful.has(this.#command)) await mirror.putState(await this.#stateFiles());
    });
  }

  async written(line: Buffer, { type }: JournalEntry): Promise<void> {
    const urgent = careful.has(this.#command) && type !== "done";
    await this.#all((mirror) => mirror.add(line, urgent));
  }

  async end(): Promise<void> {
    const files = await this.#stateFiles();
    await Promise.all(
      this.#mirrors.map(async (mirror) => {
        await mirror.close();
        if (await mirror.putState(files)) this.#changed(mirror.store, undefined);
      }),
    );
    await this.#locks?.release();
    if (this.#stores.length > 0) await this.#note().catch(() => undefined);
  }

  async #all(work: (mirror: Mirror) => Promise<unknown>): Promise<void> {
    try {
      await Promise.all(this.#mirrors.map(work));
    } catch (error) {
      throw error instanceof Superseded ? superseded(error, this.#run) : error;
    }
  }

  #changed(store: string, trouble: string | undefined): void {
    const { progress, edges } = this.#context;
    const before = this.#states.get(store);
    const at = edges.now().toISOString();
    if (trouble !== undefined) progress.warn(`the record's copy in ${store} is behind: ${trouble}; the work goes on`);
    else if (before && before.trouble !== null) progress.line(`the record's copy in ${store} has caught up`);
    const wholeAt = trouble === undefined ? at : (before?.wholeAt ?? null);
    this.#states.set(store, { store, wholeAt, trouble: trouble ?? null });
    if (trouble !== undefined) this.#note().catch(() => undefined);
  }

  #note(): Promise<void> {
    const taken = this.#taken && { taken: this.#taken };
    const copies = { format: 1 as const, tokens: this.#tokens, stores: [...this.#states.values()], ...taken };
    this.#noted = this.#noted.catch(() => undefined).then(() => writeCopies(this.#run, copies));
    return this.#noted;
  }

  /** Neither the bundle, nor its key, nor a kubeconfig: only what gates and the way back rely on. */
  async #stateFiles(): Promise<Map<string, string>> {
    const files = new Map<string, string>();
    for (const name of stateFileNames) {
      const text = await readFile(this.#run.path(name), "utf8").catch(() => undefined);
      if (text !== undefined) files.set(name, text);
    }
    return files;
  }
}

function superseded({ store, offset }: Superseded, run: RunFolder): UserError {
  return new UserError({
    code: "record-diverged",
    what: `The record of run ${run.id} in ${store} goes on otherwise than ${run.journalPath}, from byte ${offset} on: somebody else worked on this run. Nothing more was done here.`,
    fix: "See who did (clustershift status there), and go on where the newer record is; docs/runbook.md, 44, says how to compare the two.",
  });
}
