import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning, ownIdentity, type ProcessIdentity } from "../../host/process-identity.js";

/** Who else holds a lock, and since when. */
export interface Holder extends ProcessIdentity {
  since: Date;
}

/**
 * A claim is a file whose name says all of it, so there is no moment in which it exists half written, and no name is
 * ever used twice. `1234-5678-<uuid>`: pid, start time, and which of the process's own claims.
 */
export function claimName({ pid, startTime }: ProcessIdentity, id: string): string {
  return `${pid}-${encodeURIComponent(startTime).replaceAll("-", "%2D")}-${id}`;
}

export function parseClaim(name: string): ProcessIdentity | undefined {
  const match = /^(\d+)-([^-]+)-[0-9a-f-]+$/.exec(name);
  if (!match?.[1] || !match[2]) return undefined;
  return { pid: Number(match[1]), startTime: decodeURIComponent(match[2]) };
}

/**
 * Runs `work` while no other process (and no other call in this one) does under the same folder. Each contender puts its
 * own claim there and then looks: if there's another living one, it takes its claim back and tries again later. Of two that
 * overlap at least one sees the other, so two can't hold it at once; a holder never gives way. Claims of dead owners
 * are ignored and removed, which can't hit a living one since names aren't reused: so a stale lock needs no takeover.
 */
export async function withLock<T>(
  folder: string,
  work: () => Promise<T>,
  { onWait, signal }: { onWait?: (holder: Holder) => void; signal?: AbortSignal | undefined } = {},
): Promise<T> {
  await mkdir(folder, { recursive: true });
  const claim = join(folder, claimName(ownIdentity(), randomUUID()));
  let announced = false;
  for (;;) {
    signal?.throwIfAborted();
    await writeFile(claim, "");
    const holder = await otherHolder(folder, claim);
    if (!holder) break;
    await rm(claim, { force: true });
    // Two that withdrew at the same moment must not meet again for ever.
    await sleep(50 + Math.random() * 250, undefined, { signal });
    if (!announced && (await otherHolder(folder, claim))) {
      announced = true;
      onWait?.(holder);
    }
  }
  try {
    return await work();
  } finally {
    await rm(claim, { force: true });
  }
}

async function otherHolder(folder: string, own: string): Promise<Holder | undefined> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const identity = parseClaim(name);
    if (path === own || !identity) continue;
    if (!isRunning(identity)) {
      await rm(path, { force: true });
      continue;
    }
    const since = await stat(path).then(
      ({ mtime }) => mtime,
      () => undefined,
    );
    if (since) return { ...identity, since };
  }
  return undefined;
}
