import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLoadChild } from "../../../src/sandbox/load/child.js";
import type { WorkerConfig } from "../../../src/sandbox/load/protocol.js";
import { eventually } from "../../harness/eventually.js";
import { HOST, SYSLOG_ADDRESS, startTestProduction, type TestProduction } from "./production.js";

let production: TestProduction;
let config: WorkerConfig;

beforeAll(async () => {
  production = await startTestProduction();
  const { dns, edges, syslogPort } = production;
  await eventually("the edge is in step", edges.blue.live.synced);
  config = {
    dns: { server: dns.address, port: dns.port },
    http: [{ host: HOST, port: edges.blue.httpPort, path: "/" }],
    syslog: { addresses: [SYSLOG_ADDRESS], port: syslogPort },
    rate: { http: 50, syslog: 50 },
  };
});
afterAll(() => production.close());

describe("the load in a process of its own", () => {
  it("counts by phase and ends with its result", async () => {
    const child = await startLoadChild(config);
    await child.phase("cutover");
    await eventually("it runs", async () => ((await child.counts()).http.cutover?.sent ?? 0) > 10);
    const result = await child.stop();
    expect(result.failures).toEqual([]);
    expect(result.http.cutover?.servedBy.blue).toBe(result.http.cutover?.sent);
    expect(result.syslog.cutover?.servedBy.blue).toBe(result.syslog.cutover?.sent);
    expect(isThere(child.pid)).toBe(false);
  }, 30_000);

  it("says why it doesn't start", async () => {
    const wrong = { ...config, syslog: { addresses: [], port: 1 }, http: null } as unknown as WorkerConfig;
    await expect(startLoadChild(wrong)).rejects.toThrow(/load generator ended by itself: .*TypeError/s);
  }, 30_000);

  it("says so when it was ended by somebody else", async () => {
    const child = await startLoadChild(config);
    process.kill(child.pid, "SIGKILL");
    await expect(child.stop()).rejects.toThrow("the load generator ended by itself");
  }, 30_000);

  it("ends when its parent is killed", async () => {
    const source = new URL("../../../src/sandbox/load/child.ts", import.meta.url).href;
    const script = `
      const { startLoadChild } = await import(${JSON.stringify(source)});
      const { pid } = await startLoadChild(${JSON.stringify(config)});
      console.log(pid);
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", script]);
    const [pid] = await once(parent.stdout, "data");
    expect(isThere(Number(pid))).toBe(true);
    parent.kill("SIGKILL");
    await eventually("the load has ended too", () => !isThere(Number(pid)));
  }, 30_000);
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
