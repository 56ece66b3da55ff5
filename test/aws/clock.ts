import type { Clock } from "../../src/model/clock.js";

/** A clock in which waiting takes no time: each sleep moves it on at once. */
export function virtualClock(start = Date.parse("2026-11-28T22:00:00Z")): Clock & { slept: number[] } {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
  };
}
