import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { basename, dirname } from "node:path";
import { isRunning, ownIdentity } from "../host/process-identity.js";
import { messageOf, UserError } from "../model/errors.js";
import { describeOwner, type LockOwner } from "../model/lock.js";

export type { LockOwner } from "../model/lock.js";

export interface Lock {
  owner: LockOwner;
  /** Throws UserError `locked` where somebody else took the lock meanwhile; call it before each effect. */
  assertHeld(): Promise<void>;
  release(): Promise<void>;
}

/** Contenders for a dead lock look again after each move of another; a handful of looks settles any crowd. */
const mostLooks = 20;

/**
 * Takes the run's lock, or throws UserError `locked` that says who holds it. The lock of a process of this host that no
 * longer lives is taken over, and so is `broken`: a person said that its holder is gone. A lock that can't be read is
 * nobody's to take: it refuses.
 */
export async function takeLock(path: string, command: string, now: Date, broken?: LockOwner): Promise<Lock> {
  const owner: LockOwner = {
    user: userInfo().username,
    host: hostname(),
    ...ownIdentity(),
    command,
    since: now.toISOString(),
    token: randomUUID(),
  };
  const draft = `${path}.${owner.token}`;
  await writeFile(draft, `${JSON.stringify(owner)}\n`);
  try {
    await contend(path, draft, (holder) => holder.token === broken?.token || isDead(holder));
  } finally {
    await rm(draft, { force: true });
  }
  return {
    owner,
    async assertHeld() {
      const holder = await readLock(path);
      if (holder?.token !== owner.token) throw heldBy(holder, path);
    },
    async release() {
      if ((await readOwner(path))?.token === owner.token) await rm(path, { force: true });
    },
  };
}

type IsGone = (holder: LockOwner) => boolean;

async function contend(path: string, draft: string, isGone: IsGone): Promise<void> {
  for (let look = 0; look < mostLooks; look++) {
    const holder = await readLock(path);
    if (!holder) {
      if (await linkNew(draft, path)) return;
    } else if (isGone(holder)) {
      if (await succeed(path, draft, holder, isGone)) return;
    } else {
      throw heldBy(holder, path);
    }
  }
  throw heldBy(await readLock(path), path);
}

/**
 * Puts our lock in the place of a dead one. Moving the dead file away could move the lock of a faster contender instead,
 * so each lock has one successor: whoever first links its claim `<lock>.<dead token>.next`, and then sees that the dead
 * lock is still there, replaces it by rename. A successor that died in between is succeeded in its turn.
 */
async function succeed(path: string, draft: string, dead: LockOwner, isGone: IsGone): Promise<boolean> {
  const claims: string[] = [];
  let last = dead;
  for (;;) {
    const claim = `${path}.${last.token}.next`;
    const next = await readLock(claim);
    claims.push(claim);
    if (!next) break;
    if (!isGone(next)) throw heldBy(next, path);
    last = next;
  }
  const claim = claims.at(-1) ?? "";
  if (!(await linkNew(draft, claim))) return false;
  if ((await readLock(path))?.token !== dead.token) {
    await rm(claim);
    return false;
  }
  await rename(draft, path);
  await Promise.all(claims.map((each) => rm(each, { force: true })));
  return true;
}

/** Gives the draft a second name, whole, or none where that name is taken: readers never see half a file. */
async function linkNew(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Who holds a lock, to be shown; undefined where nobody does, or where the file can't be read. */
export async function readOwner(path: string): Promise<LockOwner | undefined> {
  return readLock(path).catch(() => undefined);
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Undefined where there is no lock. Throws UserError `locked` for one that can't be read. */
async function readLock(path: string): Promise<LockOwner | undefined> {
  let why = "it isn't a lock of clustershift";
  try {
    const owner = JSON.parse(await readFile(path, "utf8")) as LockOwner | null;
    if (uuid.test(String(owner?.token)) && typeof owner?.host === "string" && Number.isInteger(owner.pid)) return owner;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    why = messageOf(error);
  }
  throw new UserError({
    code: "locked",
    what: `The lock ${path} can't be read: ${why}.`,
    fix: `See that no other clustershift works on this run; then remove ${path} and run the same command again.`,
  });
}

/** True for a holder that ran on this host, and surely runs no more. */
export function isDead({ host, pid, startTime }: LockOwner): boolean {
  return host === hostname() && startTime !== "" && !isRunning({ pid, startTime });
}

function heldBy(owner: LockOwner | undefined, path: string): UserError {
  const who = owner ? describeOwner(owner) : "this process no longer holds it";
  return new UserError({
    code: "locked",
    what: `This run is locked: ${who}.`,
    fix: `Wait until it ends. If that machine is gone for good: clustershift unlock --run ${basename(dirname(path))}`,
  });
}
