import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { UserError } from "../model/errors.js";

/** Who holds a run. */
export interface LockOwner {
  user: string;
  host: string;
  pid: number;
  /** Of the process, in the kernel's ticks since boot: tells a new process with an old number apart. */
  startTime: string;
  command: string;
  since: string;
  token: string;
}

export interface Lock {
  owner: LockOwner;
  /** Throws UserError `locked` where somebody else took the lock meanwhile; call it before each effect. */
  assertHeld(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes the run's lock, or throws UserError `locked` that says who holds it. The lock of a process of this host that no
 * longer lives is taken over.
 */
export async function takeLock(path: string, command: string, now: Date): Promise<Lock> {
  const owner: LockOwner = {
    user: userInfo().username,
    host: hostname(),
    pid: process.pid,
    startTime: startTimeOf(process.pid) ?? "",
    command,
    since: now.toISOString(),
    token: randomUUID(),
  };
  if (!(await create(path, owner))) {
    const holder = await readOwner(path);
    if (holder && !isDead(holder)) throw heldBy(holder, path);
    await moveAside(path, holder, owner.token);
    if (!(await create(path, owner))) throw heldBy(await readOwner(path), path);
  }
  return {
    owner,
    async assertHeld() {
      const holder = await readOwner(path);
      if (holder?.token !== owner.token) throw heldBy(holder, path);
    },
    async release() {
      if ((await readOwner(path))?.token === owner.token) await unlink(path);
    },
  };
}

/** Creates the lock file whole, or not at all: link fails where it exists, and readers never see half of it. */
async function create(path: string, owner: LockOwner): Promise<boolean> {
  const draft = `${path}.${owner.token}`;
  await writeFile(draft, `${JSON.stringify(owner)}\n`);
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await unlink(draft);
  }
}

/** Two that find the same dead lock may both come here: only the one that moves that very lock goes on. */
async function moveAside(path: string, dead: LockOwner | undefined, token: string): Promise<void> {
  const aside = `${path}.${token}.dead`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const moved = await readOwner(aside);
  if (moved?.token !== dead?.token) {
    await link(aside, path).catch(() => undefined);
    await unlink(aside);
    throw heldBy(moved, path);
  }
  await unlink(aside);
}

export async function readOwner(path: string): Promise<LockOwner | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as LockOwner;
  } catch {
    return undefined;
  }
}

function isDead(owner: LockOwner): boolean {
  if (owner.host !== hostname()) return false;
  const startTime = startTimeOf(owner.pid);
  return startTime === undefined || (owner.startTime !== "" && startTime !== owner.startTime);
}

/** Field 22 of /proc/PID/stat; the empty string where a living process has no such file; undefined where none lives. */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    try {
      process.kill(pid, 0);
      return "";
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "EPERM" ? "" : undefined;
    }
  }
}

function heldBy(owner: LockOwner | undefined, path: string): UserError {
  const who = owner
    ? `${owner.user} on ${owner.host} (pid ${owner.pid}) runs \`${owner.command}\` since ${owner.since}`
    : "somebody else";
  return new UserError({
    code: "locked",
    what: `This run is locked: ${who}.`,
    fix: `Wait until it ends. If that machine is gone for good, remove ${path} and run the same command again.`,
  });
}
