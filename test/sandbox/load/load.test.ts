import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createResolver } from "../../../src/sandbox/dns/resolver.js";
import { type Load, startLoad } from "../../../src/sandbox/load/load.js";
import type { Counts, LoadResult } from "../../../src/sandbox/load/tally.js";
import { eventually } from "../../harness/eventually.js";
import { service, slice, syslogPod } from "../edge/objects.js";
import { CA, HOST, SYSLOG_ADDRESS, startTestProduction, type TestProduction } from "./production.js";

let production: TestProduction;
let load: Load;

beforeAll(async () => {
  production = await startTestProduction();
  const { blue, green } = production.edges;
  await eventually("both edges are in step", () => blue.live.synced() && green.live.synced());
});
afterAll(() => production.close());

beforeEach(async () => {
  production.moveTo("blue");
  const { dns, edges, syslogPort } = production;
  load = await startLoad({
    resolver: createResolver({ server: dns.address, port: dns.port }),
    http: [
      { host: HOST, port: edges.blue.httpPort, path: "/orders" },
      { host: HOST, port: edges.blue.httpsPort, path: "/", ca: CA },
    ],
    syslog: { addresses: [SYSLOG_ADDRESS], port: syslogPort },
    rate: { http: 100, syslog: 100 },
  });
});
afterEach(() => load.stop());

const of = (kind: "http" | "syslog", phase: string): Counts =>
  load.counts()[kind][phase] ?? { sent: 0, failed: 0, servedBy: {} };
const settled = ({ failed, servedBy }: Counts) => failed + Object.values(servedBy).reduce((sum, n) => sum + n, 0);

describe("the load", () => {
  it("loses nothing while traffic moves, and says who answered in each phase", async () => {
    load.phase("blue");
    await eventually("blue serves", () => of("http", "blue").sent > 20 && of("syslog", "blue").sent > 20);
    load.phase("moving");
    production.moveTo("green");
    await eventually("it moves", () => of("http", "moving").sent > 10 && of("syslog", "moving").sent > 10);
    load.phase("green");
    await eventually("green serves", () => of("http", "green").sent > 20 && of("syslog", "green").sent > 20);
    const result: LoadResult = await load.stop();
    expect(result.failures).toEqual([]);
    for (const kind of ["http", "syslog"] as const) {
      expect(result[kind].blue?.servedBy.blue).toBeGreaterThan(0);
      expect(Object.keys(result[kind].green?.servedBy ?? {})).toEqual(["green"]);
      for (const counts of Object.values(result[kind])) expect(settled(counts)).toBe(counts.sent);
    }
  });

  it("counts what fails, each with its reason, and tries nothing twice", async () => {
    const { blue } = production.api;
    await eventually("it runs", () => of("http", "start").sent > 4 && of("syslog", "start").sent > 4);
    blue.put(slice("web", [["blue-web", false]]), syslogPod("blue-syslog", "blue-node", false));
    const known = () => production.edges.blue.live.view.pods.get("shop/blue-syslog")?.status;
    await eventually("blue is broken", () => JSON.stringify(known()).includes("False"));
    load.phase("broken");
    await eventually("it fails", () => of("http", "broken").failed > 5 && of("syslog", "broken").failed > 5);
    const result = await load.stop();
    expect(result.http.broken?.failed).toBe(result.http.broken?.sent);
    expect(result.syslog.broken?.failed).toBe(result.syslog.broken?.sent);
    const reasons = new Set(result.failures.map(({ reason }) => reason));
    expect([...reasons]).toContain("status 503 from blue at 127.24.8.1");
    expect([...reasons]).toContain("closed without an ack");
    blue.put(service("web"), slice("web", [["blue-web", true]]), syslogPod("blue-syslog", "blue-node"));
    await eventually("blue is whole", () => JSON.stringify(known()).includes("True"));
  });

  it("waits at its end for what is under way", async () => {
    const pod = syslogPod("blue-syslog", "blue-node", false);
    production.api.blue.put(pod);
    await eventually("a UDP message gets no answer", () => of("syslog", "start").failed > 0);
    const { sent } = of("syslog", "start");
    const result = await load.stop();
    expect(result.syslog.start?.sent).toBe(sent);
    expect(settled(result.syslog.start ?? of("syslog", "none"))).toBe(sent);
    expect(result.failures.map(({ target }) => target)).toContain(`tcp ${SYSLOG_ADDRESS}`);
    production.api.blue.put(syslogPod("blue-syslog", "blue-node"));
  });
});
