import type { Meter } from "./api.js";

/** Adds up the calls of one client. `now`: milliseconds of a clock that only goes forward. */
export function createMeter(
  now: () => number,
): Meter & { time<T>(action: string, call: () => Promise<T>): Promise<T> } {
  const byAction = new Map<string, { calls: number; ms: number }>();
  return {
    ms: () => [...byAction.values()].reduce((sum, { ms }) => sum + ms, 0),
    actions: () => Object.fromEntries([...byAction].map(([action, seen]) => [action, { ...seen }])),
    async time(action, call) {
      const started = now();
      try {
        return await call();
      } finally {
        const seen = byAction.get(action) ?? { calls: 0, ms: 0 };
        byAction.set(action, { calls: seen.calls + 1, ms: seen.ms + now() - started });
      }
    },
  };
}
