import type { WatchSnapshot } from "../../../src/model/watch.js";

/** 22:10 of the night of the cutover, in its second of three steps. */
export function sampleSnapshot(parts: Partial<WatchSnapshot> = {}): WatchSnapshot {
  const at = "2026-11-28T22:10:00.000Z";
  return {
    at,
    environment: "acme production",
    run: "20261128T200000Z",
    journal: {
      at: "2026-11-28T22:09:59.000Z",
      trouble: null,
      value: {
        ...{ from: "runs/20261128T200000Z/journal.jsonl", entries: 21, lastAt: "2026-11-28T22:09:00.000Z" },
        lately: [{ at: "2026-11-28T22:09:00.000Z", what: "cutover green's share to 25 % (route53:Z1): done" }],
        errors: [],
        work: "jo on ops-1 (pid 4711) runs `cutover` since 2026-11-28T22:05:00.000Z",
        warnings: [],
      },
    },
    traffic: { at: "between", since: "2026-11-28T22:05:10.000Z" },
    shift: {
      ...{ attempt: 1, status: "moving", began: "2026-11-28T22:05:00.000Z", failed: null },
      stages: [
        { id: "share/5", what: "green gets 5 % of app.acme.example. A", state: "passed" },
        { id: "share/25", what: "green gets 25 % of app.acme.example. A", state: "under way" },
        { id: "share/100", what: "green gets 100 % of app.acme.example. A", state: "to come" },
      ],
      now: { doing: "hold", since: "2026-11-28T22:09:00.000Z", until: "2026-11-28T22:11:00.000Z" },
      analysed: {
        ...{ at: "2026-11-28T22:08:00.000Z", attempt: 1, stage: "share/5", outcome: "passed" },
        checks: [{ name: "app answers", kind: "http", outcome: "passed", detail: "200", ms: 12 }],
      },
    },
    portions: {
      at: "2026-11-28T22:09:57.000Z",
      trouble: null,
      value: [
        { what: "app.acme.example. A", blue: 75, green: 25, other: 0 },
        { what: "203.0.113.1 (syslog, a)", blue: 1, green: 0, other: 0 },
      ],
    },
    unseen: [],
    answers: {
      at: "2026-11-28T22:09:57.000Z",
      trouble: null,
      value: [{ what: "app.acme.example. A", asked: "ns-1.example", blue: 8, green: 2, other: 0, failed: {} }],
    },
    health: {
      blue: { at, trouble: null, value: { well: true, detail: "3 of 3 nodes Ready, 4 system workloads whole" } },
      green: { at, trouble: null, value: { well: true, detail: "3 of 3 nodes Ready, 4 system workloads whole" } },
    },
    budget: {
      ...{ closes: "2026-11-29T03:00:00.000Z", trouble: null, wayBackMs: 90_000, wayBackBasis: "measured" },
      ...{ inconclusiveForMs: 600_000, cutoverMs: 3_600_000 },
    },
    ...parts,
  };
}
