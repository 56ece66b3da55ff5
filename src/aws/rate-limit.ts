import type { Clock } from "../model/clock.js";

/**
 * A token bucket: `perSecond` calls a second, and as many at once after a rest. Route 53 long allowed an account 5
 * requests/s, and other tools of the same account need some of them.
 */
export function createRateLimit(perSecond: number, clock: Clock): (signal?: AbortSignal) => Promise<void> {
  let tokens = perSecond;
  let filledAt = clock.now();
  return async (signal) => {
    const now = clock.now();
    // The wall clock can be set back: that must not take tokens away.
    tokens = Math.min(perSecond, tokens + (Math.max(0, now - filledAt) / 1000) * perSecond);
    filledAt = now;
    // Taking the token before the wait queues those who come meanwhile behind this one.
    tokens -= 1;
    if (tokens < 0) await clock.sleep((-tokens / perSecond) * 1000, signal);
  };
}
