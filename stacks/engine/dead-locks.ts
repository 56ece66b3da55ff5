import { readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** What the engine writes in a lock of a file backend. */
const lockSchema = z.object({ pid: z.int().positive(), hostname: z.string() });

/** A lock of this machine. */
interface OwnLock {
  file: string;
  pid: number;
  alive: boolean;
}

export interface LockedStack {
  backendUrl: string;
  projectName: string;
  stackName: string;
}

/**
 * Takes away a stack's locks whose holders are dead: after kill -9 the engine leaves its lock behind, and would refuse
 * for ever. Only locks of this machine, whose process is gone, are touched; all others are the engine's to judge, and so
 * is every backend that isn't of files.
 *
 * @returns the process ids of the dead holders
 */
export async function removeDeadLocks(stack: LockedStack): Promise<number[]> {
  const dead = (await ownLocks(stack)).filter(({ alive }) => !alive);
  for (const { file } of dead) {
    await rm(file, { force: true });
    await rm(`${file}.attrs`, { force: true });
  }
  return dead.map(({ pid }) => pid);
}

/** The locks of a stack that processes of this machine hold or held; none of a backend that isn't of files. */
export async function ownLocks({ backendUrl, projectName, stackName }: LockedStack): Promise<OwnLock[]> {
  if (!backendUrl.startsWith("file:///")) return [];
  const folder = join(fileURLToPath(backendUrl), ".pulumi", "locks", "organization", projectName, stackName);
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".json"));
  const locks = await Promise.all(
    files.map(async (name) => ({ file: join(folder, name), lock: await readLock(join(folder, name)) })),
  );
  return locks.flatMap(({ file, lock }) =>
    lock?.hostname === hostname() ? [{ file, pid: lock.pid, alive: isAlive(lock.pid) }] : [],
  );
}

async function readLock(file: string): Promise<z.output<typeof lockSchema> | undefined> {
  try {
    return lockSchema.safeParse(JSON.parse(await readFile(file, "utf8"))).data;
  } catch {
    // Gone meanwhile, or half written: then its holder lives.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process can't be signalled, and is alive all the same.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
