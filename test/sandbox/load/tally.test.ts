import { describe, expect, it } from "vitest";
import { createTally } from "../../../src/sandbox/load/tally.js";

const NOW = new Date("2026-11-23T22:00:00Z");
const served = (cluster: string) => async () => cluster;
const failed = (reason: string) => async () => {
  throw new Error(reason);
};

describe("the tally", () => {
  it("counts each kind by phase and by who answered", async () => {
    const tally = createTally("before", () => NOW);
    await tally.count("http", "http://app/", served("blue"));
    await tally.count("syslog", "udp 127.1.1.1", failed("no ack"));
    tally.phase("cutover");
    await tally.count("http", "http://app/", served("blue"));
    await tally.count("http", "http://app/", served("green"));
    await tally.count("http", "http://app/", failed("status 503"));
    tally.phase("before");
    await tally.count("http", "http://app/", served("blue"));
    expect(tally.result()).toEqual({
      http: {
        before: { sent: 2, failed: 0, servedBy: { blue: 2 } },
        cutover: { sent: 3, failed: 1, servedBy: { blue: 1, green: 1 } },
      },
      syslog: { before: { sent: 1, failed: 1, servedBy: {} } },
      failures: [
        { kind: "syslog", phase: "before", target: "udp 127.1.1.1", reason: "no ack", at: NOW.toISOString() },
        { kind: "http", phase: "cutover", target: "http://app/", reason: "status 503", at: NOW.toISOString() },
      ],
      // Both in the same one.
      failingSeconds: 1,
    });
  });

  it("counts a request in the phase in which it was sent", async () => {
    const tally = createTally("before", () => NOW);
    let answer = (_: string) => {};
    const underWay = tally.count("http", "http://app/", () => new Promise((done) => (answer = done)));
    tally.phase("after");
    expect(tally.result().http).toEqual({ before: { sent: 1, failed: 0, servedBy: {} } });
    answer("blue");
    await underWay;
    expect(tally.result().http).toEqual({ before: { sent: 1, failed: 0, servedBy: { blue: 1 } } });
  });

  it("keeps the first failures, and counts all", async () => {
    const tally = createTally("x", () => NOW);
    for (let n = 0; n < 50; n += 1) await tally.count("http", "http://app/", failed(`failure ${n}`));
    const { http, failures } = tally.result();
    expect(http.x).toMatchObject({ sent: 50, failed: 50 });
    expect(failures.map(({ reason }) => reason)).toEqual(Array.from({ length: 20 }, (_, n) => `failure ${n}`));
  });
});
