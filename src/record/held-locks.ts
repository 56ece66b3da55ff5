import { messageOf, UserError } from "../model/errors.js";
import type { LockOwner } from "../model/lock.js";
import { releaseSharedLock, renewSharedLock, type SharedLock, takeSharedLock } from "./shared-lock.js";
import type { RecordStore } from "./store.js";

export interface LockTerms {
  owner: LockOwner;
  /** The wall clock, milliseconds since 1970. */
  now(): number;
  /** Milliseconds of a clock that only goes forward, and may stand still while the machine sleeps. */
  monotonic(): number;
  isGone(holder: LockOwner): boolean;
  /** Milliseconds for one answer of a store. */
  deadlineMs: number;
  /** Milliseconds after which a lock that wasn't renewed is asked about before anything is written. */
  ttlMs: number;
}

/** A run held in every store that answered. */
export interface HeldLocks {
  /** Stores that didn't answer, and why: there the run isn't locked. */
  troubles: { store: string; why: string }[];
  /** @throws UserError `locked` where somebody else may have gone on meanwhile; asks the stores only after a sleep */
  assertHeld(): Promise<void>;
  release(): Promise<void>;
}

interface Held {
  store: RecordStore;
  lock: SharedLock;
}

/** Takes the run in all stores, in their order. @throws UserError `locked`, and then holds none */
export async function holdLocks(stores: readonly RecordStore[], run: string, terms: LockTerms): Promise<HeldLocks> {
  const { owner, isGone, deadlineMs } = terms;
  const iso = () => new Date(terms.now()).toISOString();
  const held: Held[] = [];
  const troubles: HeldLocks["troubles"] = [];
  const release = async (): Promise<void> => {
    await Promise.all(
      // One that can't be given back stands: the next command of this folder knows it for its own.
      held.map(({ store, lock }) => releaseSharedLock(store, run, lock, iso(), deadlineMs).catch(() => undefined)),
    );
  };
  for (const store of stores) {
    try {
      const { lock } = await takeSharedLock(store, run, { owner, now: iso(), deadlineMs, isGone });
      held.push({ store, lock });
    } catch (error) {
      if (error instanceof UserError && error.code === "locked") {
        await release();
        throw error;
      }
      troubles.push({ store: store.name, why: messageOf(error) });
    }
  }
  const pulse = createPulse(terms, async () => {
    const renewals = await Promise.allSettled(
      held.map(({ store, lock }) => renewSharedLock(store, run, lock, iso(), deadlineMs)),
    );
    return renewals.flatMap((each) => (each.status === "rejected" ? [each.reason as unknown] : []));
  });
  return {
    troubles,
    assertHeld: () => pulse.assertHeld(held.length),
    async release() {
      pulse.stop();
      await pulse.settled();
      await release();
    },
  };
}

/**
 * Renews in the background, three times in a TTL. As long as it comes to do so, nobody has broken the lock but by `unlock`,
 * and the next renewal sees that. A process that didn't come to it was asleep: before it writes anything it must hear from
 * the stores that the lock is still its own.
 */
function createPulse({ now, monotonic, ttlMs }: LockTerms, renew: () => Promise<unknown[]>) {
  let beat = { wall: now(), steady: monotonic() };
  let slept = false;
  let lost: UserError | undefined;
  let renewing: Promise<unknown[]> = Promise.resolve([]);

  const look = (): void => {
    const next = { wall: now(), steady: monotonic() };
    // A wall clock set back is no sleep, but nothing is known from it either.
    if (Math.abs(next.wall - beat.wall) > ttlMs || next.steady - beat.steady > ttlMs) slept = true;
    beat = next;
  };
  const renewed = (): Promise<unknown[]> => {
    renewing = renewing.then(renew).then((failures) => {
      lost ??= failures.find((error) => error instanceof UserError && error.code === "locked") as UserError | undefined;
      return failures;
    });
    return renewing;
  };
  const timer = setInterval(() => {
    look();
    void renewed();
  }, ttlMs / 3);
  timer.unref();

  return {
    async assertHeld(stores: number): Promise<void> {
      look();
      if (slept && stores > 0) {
        const failures = await renewed();
        if (!lost && failures.length === stores) throw unsure(failures[0]);
        slept = false;
      }
      if (lost) throw lost;
    },
    stop: () => clearInterval(timer),
    settled: () => renewing,
  };
}

function unsure(why: unknown): UserError {
  return new UserError({
    code: "locked",
    what: `This machine slept, and no store says whether the run's lock is still its own: ${messageOf(why)}. Nothing more was written.`,
    fix: "Run the same command again: it goes on from where the run stands.",
  });
}
