import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../src/model/clock.js";

/** Waits take no time: for what is counted, and for what is done beside the measured work. */
export function instantClock(): Clock {
  let now = Date.parse("2026-01-01T00:00:00Z");
  return {
    now: () => now,
    async sleep(ms) {
      now += ms;
    },
  };
}

/** The clock on the wall: rates are kept, since they are what a user waits for. */
export const wallClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    await sleep(ms, undefined, signal ? { signal } : {});
  },
};
