import { ago, minute } from "../../evidence.js";
import { type Row, without } from "../spoil.js";

/** A smoke test that says nothing of what green is now. */
export const smoke: Row[] = [
  ["no smoke test", "smokeRun", "smoke-missing", without("smoke"), /No smoke test/],
  [
    "another plan's smoke test",
    "smokeRun",
    "smoke-missing",
    (e) => ({ ...e, smoke: { ...e.smoke, planHash: "old" } }),
    /another plan/,
  ],
  [
    "another green's smoke test",
    "smokeOfThisGreen",
    "smoke-other-green",
    (e) => ({ ...e, smoke: { ...e.smoke, green: { ...e.smoke.green, clusterId: "x" } } }),
    /another green/,
  ],
  [
    "a failed check",
    "smokePassed",
    "smoke-failed",
    (e) => ({
      ...e,
      smoke: {
        ...e.smoke,
        passed: false,
        checks: [{ name: "app", kind: "http", outcome: "failed", detail: "500", ms: 1 }],
      },
    }),
    /failed: app/,
  ],
  [
    "an inconclusive check said to have passed",
    "smokePassed",
    "smoke-failed",
    (e) => ({
      ...e,
      smoke: { ...e.smoke, checks: [{ name: "app", kind: "http", outcome: "inconclusive", detail: "?", ms: 1 }] },
    }),
    /failed: app/,
  ],
  ["no checks", "smokePassed", "smoke-failed", (e) => ({ ...e, smoke: { ...e.smoke, checks: [] } }), /no checks/],
  [
    "passed checks said to have failed",
    "smokePassed",
    "smoke-failed",
    (e) => ({ ...e, smoke: { ...e.smoke, passed: false } }),
    /says that it failed/,
  ],
  [
    "an old smoke test",
    "smokeFresh",
    "smoke-stale",
    (e) => ({ ...e, smoke: { ...e.smoke, at: ago(30 * minute + 1) } }),
    /30m 00s old; evidence may be 30m 00s/,
  ],
  [
    "a smoke test from the future",
    "smokeFresh",
    "smoke-stale",
    (e) => ({ ...e, smoke: { ...e.smoke, at: ago(-2 * minute) } }),
    /2m 00s in the future/,
  ],
  [
    "a smoke test of no time",
    "smokeFresh",
    "smoke-stale",
    (e) => ({ ...e, smoke: { ...e.smoke, at: "now" } }),
    /has no time: now/,
  ],
  [
    "a replay since the smoke test",
    "smokeFresh",
    "smoke-stale",
    (e) => ({ ...e, replay: { ...e.replay, at: ago(minute) } }),
    /replayed into since/,
  ],
  [
    "a green made ready since",
    "smokeFresh",
    "smoke-stale",
    (e) => ({ ...e, green: { ...e.green, readyAt: ago(minute) } }),
    /Green was changed/,
  ],
];
