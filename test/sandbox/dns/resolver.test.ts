import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createResolver } from "../../../src/sandbox/dns/resolver.js";
import { type DnsServer, startDnsServer } from "../../../src/sandbox/dns/server.js";

let server: DnsServer;
let queries = 0;
let address = "127.0.0.1";
let ttl = 5;

beforeAll(async () => {
  const zones = async () => {
    queries += 1;
    const app = { Name: "app.test.", Type: "A" as const, TTL: ttl, ResourceRecords: [{ Value: address }] };
    return [{ name: "test.", records: [app] }];
  };
  server = await startDnsServer({ address: "127.0.0.1", port: 0, zones, random: () => 0 });
});
afterAll(() => server.close());
beforeEach(() => {
  queries = 0;
  address = "127.0.0.1";
  ttl = 5;
});

describe("the resolver's cache", () => {
  it("keeps an answer for its TTL and not longer", async () => {
    let now = 0;
    const { resolve } = createResolver({ server: server.address, port: server.port, now: () => now });
    const value = async () => (await resolve("app.test", "A")).values[0];
    expect(await value()).toBe("127.0.0.1");
    address = "127.0.0.2";
    now = 4999;
    expect(await value()).toBe("127.0.0.1");
    now = 5000;
    expect(await value()).toBe("127.0.0.2");
    expect(queries).toBe(2);
  });

  it("asks each time where the TTL is 0, and once for all who wait", async () => {
    ttl = 0;
    const { resolve } = createResolver({ server: server.address, port: server.port });
    await Promise.all([resolve("app.test", "A"), resolve("APP.test", "A")]);
    expect(queries).toBe(1);
    await resolve("app.test", "A");
    expect(queries).toBe(2);
  });

  it("doesn't keep failures", async () => {
    const { resolve } = createResolver({ server: server.address, port: server.port });
    await expect(resolve("other.test", "A")).rejects.toMatchObject({ code: "NXDOMAIN" });
    await expect(resolve("other.test", "A")).rejects.toMatchObject({ code: "NXDOMAIN" });
    expect(queries).toBe(2);
  });

  it("says when nobody answers", async () => {
    const { resolve } = createResolver({ server: "127.0.0.1", port: 9, timeoutMs: 50 });
    await expect(resolve("app.test", "A")).rejects.toMatchObject({ code: "UNREACHABLE" });
  });
});
