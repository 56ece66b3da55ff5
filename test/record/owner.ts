import { randomUUID } from "node:crypto";
import type { LockOwner } from "../../src/model/lock.js";

/** Somebody who holds a run, on some machine. */
export function owner(user: string, parts: Partial<LockOwner> = {}): LockOwner {
  const common = { host: `${user}-laptop`, pid: 4711, startTime: "1", command: "cutover", token: randomUUID() };
  return { user, ...common, since: "2026-11-28T22:00:00.000Z", ...parts };
}
