import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../model/errors.js";

/** Polls until `done` says so. Throws UserError `not-ready` that says what was waited for, and what was seen last. */
export async function waitUntil(
  what: string,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  done: () => Promise<true | string>,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const seen = await done();
    if (seen === true) return;
    if (performance.now() > deadline) {
      throw new UserError({
        code: "not-ready",
        what: `The sandbox waited ${timeoutMs / 1000} s for ${what}: ${seen}.`,
        fix: "Look at its logs (`clustershift sandbox status` names the folder), then take it down and up again.",
      });
    }
    await sleep(100, undefined, signal ? { signal } : {});
  }
}
