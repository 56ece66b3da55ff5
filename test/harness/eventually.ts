import { setTimeout as sleep } from "node:timers/promises";

/** Waits until `check` is true. @throws Error after 10 s, naming `what`. */
export async function eventually(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await check()) return;
    await sleep(20);
  }
  throw new Error(`never so: ${what}`);
}
