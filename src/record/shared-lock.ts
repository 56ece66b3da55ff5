import { UserError } from "../model/errors.js";
import { describeOwner, type LockOwner } from "../model/lock.js";
import { timeLimit } from "./deadline.js";
import type { RecordStore } from "./store.js";

/** `lock.json` of a store: who holds a run wherever it is worked on. It is never removed, so that its epoch only grows. */
export interface SharedLock {
  format: 1;
  /** One more with each holder: what was held under an older one is over. */
  epoch: number;
  /** Null where nobody holds the run. */
  holder: LockOwner | null;
  /** By the holder's clock; shown, and never calculated with: nobody knows how far two clocks are apart. */
  renewedAt: string;
  /** Who broke the lock before, where somebody did. */
  broken?: { by: string; host: string; at: string; holder: LockOwner };
}

export interface SharedLockRead {
  lock: SharedLock;
  version: string;
}

const name = "lock.json";
/** Contenders see each other's writes: a handful of looks settles any crowd. */
const mostLooks = 10;

export async function readSharedLock(
  store: RecordStore,
  run: string,
  deadlineMs: number,
): Promise<SharedLockRead | undefined> {
  const entry = await store.get(run, name, timeLimit(deadlineMs));
  if (!entry) return undefined;
  return { lock: parse(entry.bytes, store.name), version: entry.version };
}

/** The lock's new version; undefined where somebody else wrote it meanwhile. */
async function writeSharedLock(
  store: RecordStore,
  run: string,
  lock: SharedLock,
  over: SharedLockRead | undefined,
  deadlineMs: number,
): Promise<string | undefined> {
  const bytes = Buffer.from(`${JSON.stringify(lock)}\n`);
  return store.put(run, name, bytes, over ? { version: over.version } : "absent", timeLimit(deadlineMs));
}

/** Changes the lock by what it is now, and looks again where somebody else was faster, or where our own answer was lost. */
async function change(
  store: RecordStore,
  run: string,
  deadlineMs: number,
  decide: (now: SharedLock | undefined) => SharedLock | undefined,
): Promise<SharedLockRead | undefined> {
  for (let look = 0; look < mostLooks; look++) {
    const now = await readSharedLock(store, run, deadlineMs);
    const next = decide(now?.lock);
    if (!next) return now;
    const version = await writeSharedLock(store, run, next, now, deadlineMs);
    if (version !== undefined) return { lock: next, version };
  }
  throw new Error(`${store.name}: the lock of run ${run} changes faster than it can be taken`);
}

export interface TakeOptions {
  owner: LockOwner;
  /** ISO 8601. */
  now: string;
  deadlineMs: number;
  /** True for a holder that surely lives no more. */
  isGone(holder: LockOwner): boolean;
}

/**
 * Takes the run in one store. @throws UserError `locked` where somebody else holds it, however long ago they were heard of:
 * that a machine is silent doesn't say that it is gone.
 */
export async function takeSharedLock(
  store: RecordStore,
  run: string,
  { owner, now, deadlineMs, isGone }: TakeOptions,
): Promise<SharedLockRead> {
  const taken = await change(store, run, deadlineMs, (lock) => {
    if (lock?.holder?.token === owner.token) return undefined;
    if (lock?.holder && !isGone(lock.holder)) throw lockedBy(lock, store.name, run);
    return { format: 1, epoch: (lock?.epoch ?? 0) + 1, holder: owner, renewedAt: now };
  });
  if (!taken) throw new Error(`${store.name}: no lock after it was taken`);
  return taken;
}

/** Says that the holder lives. Undefined where the lock isn't theirs any more: see `lock` of what is read then. */
export async function renewSharedLock(
  store: RecordStore,
  run: string,
  held: SharedLock,
  now: string,
  deadlineMs: number,
): Promise<void> {
  await change(store, run, deadlineMs, (lock) => {
    if (lock?.epoch !== held.epoch || lock.holder?.token !== held.holder?.token) throw lost(lock, store.name, run);
    return lock.renewedAt === now ? undefined : { ...lock, renewedAt: now };
  });
}

/** Gives the run back, where it is still ours. */
export async function releaseSharedLock(
  store: RecordStore,
  run: string,
  held: SharedLock,
  now: string,
  deadlineMs: number,
): Promise<void> {
  await change(store, run, deadlineMs, (lock) =>
    lock?.epoch === held.epoch && lock.holder?.token === held.holder?.token
      ? { ...lock, holder: null, renewedAt: now }
      : undefined,
  );
}

/** Takes the run from whoever holds it: the epoch grows, and what they do from here on is refused. Undefined where nobody did. */
export async function breakSharedLock(
  store: RecordStore,
  run: string,
  by: { by: string; host: string; at: string },
  deadlineMs: number,
): Promise<SharedLock | undefined> {
  const broken = await change(store, run, deadlineMs, (lock) =>
    lock?.holder
      ? {
          format: 1,
          epoch: lock.epoch + 1,
          holder: null,
          renewedAt: by.at,
          broken: { ...by, holder: lock.holder },
        }
      : undefined,
  );
  return broken?.lock;
}

function lockedBy(lock: SharedLock, store: string, run: string): UserError {
  const { holder, renewedAt } = lock;
  return new UserError({
    code: "locked",
    what: `This run is locked: ${holder ? describeOwner(holder) : "nobody"}, last heard of ${renewedAt} (lock in ${store}, epoch ${lock.epoch}).`,
    fix: `Wait until it ends. If that machine is gone or asleep: ${unlockCommand(run)}`,
  });
}

function lost(lock: SharedLock | undefined, store: string, run: string): UserError {
  const by = lock?.broken ? `${lock.broken.by} on ${lock.broken.host} broke it at ${lock.broken.at}` : undefined;
  const holder = lock?.holder ? describeOwner(lock.holder) : undefined;
  const why = holder ?? by ?? "it was given up";
  return new UserError({
    code: "locked",
    what: `This process no longer holds the run's lock in ${store}: ${why}. Nothing more was written.`,
    fix: `See what was done meanwhile: clustershift status --run ${run}`,
  });
}

export function unlockCommand(run: string): string {
  return `clustershift unlock --run ${run}`;
}

function parse(bytes: Buffer, store: string): SharedLock {
  try {
    const lock = JSON.parse(bytes.toString("utf8")) as SharedLock | null;
    if (lock?.format === 1 && Number.isInteger(lock.epoch)) return lock;
  } catch {
    // Said below, with where it lies.
  }
  throw new UserError({
    code: "locked",
    what: `The lock in ${store} can't be read: it isn't one of clustershift.`,
    fix: "See that nobody works on this run, then remove that entry.",
  });
}
