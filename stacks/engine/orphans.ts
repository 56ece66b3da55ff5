import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { type LockedStack, ownLocks } from "./dead-locks.js";

export interface AwaitOrphans {
  signal?: AbortSignal | undefined;
  /** Told once, with the process ids of those that are waited for. */
  onWait?: ((pids: number[]) => void) | undefined;
}

/**
 * Waits for engines that were left behind. Where the process that ran the program was killed, its engine lives on: it brings to
 * an end what is under way, writes that down, and goes. Until then it holds the stack's lock, and rightly so.
 *
 * Whoever works on the stack by a terminal or a script of its own is not waited for.
 *
 * @throws AbortError by the signal
 */
export async function awaitOrphans(stack: LockedStack, { signal, onWait }: AwaitOrphans): Promise<void> {
  for (let told = false; ; told = true) {
    const alive = (await ownLocks(stack)).filter((lock) => lock.alive);
    const orphans: number[] = [];
    for (const { pid } of alive) if (await isOrphan(pid)) orphans.push(pid);
    if (orphans.length === 0) return;
    if (!told) onWait?.(orphans);
    await sleep(250, undefined, signal === undefined ? {} : { signal });
  }
}

/** Who takes on the children of the dead, beside process 1. */
const reapers = /^(systemd|init|launchd|tini|docker-init|dumb-init|catatonit)$/;

async function isOrphan(pid: number): Promise<boolean> {
  const parent = await parentOf(pid);
  return parent !== undefined && (parent === 1 || reapers.test(await nameOf(parent)));
}

/** Undefined where it is gone meanwhile, or can't be told. */
async function parentOf(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => undefined);
  const said = status === undefined ? await ps("ppid", pid) : /^PPid:\s*(\d+)$/m.exec(status)?.[1];
  return said === undefined || said === "" ? undefined : Number(said);
}

async function nameOf(pid: number): Promise<string> {
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => ps("comm", pid));
  return name?.trim().split("/").at(-1) ?? "";
}

/** Where there is no /proc. */
async function ps(field: string, pid: number): Promise<string | undefined> {
  const told = await promisify(execFile)("ps", ["-o", `${field}=`, "-p", String(pid)]).catch(() => undefined);
  return told?.stdout.trim();
}
