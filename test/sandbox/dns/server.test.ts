import { Resolver as SystemResolver } from "node:dns/promises";
import { ChangeResourceRecordSetsCommand, CreateHostedZoneCommand, type RRType } from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AwsClients, emulatorClients } from "../../../src/sandbox/aws/clients.js";
import { apexRecords } from "../../../src/sandbox/aws/records.js";
import { createResolver } from "../../../src/sandbox/dns/resolver.js";
import { type DnsServer, startDnsServer } from "../../../src/sandbox/dns/server.js";
import { createZoneSource, type ZoneSource } from "../../../src/sandbox/dns/zones.js";
import { eventually } from "../../harness/eventually.js";
import { region, startMoto } from "../../harness/moto.js";

let clients: AwsClients;
let stop = async () => {};
let zones: ZoneSource;
let server: DnsServer;
let zoneId: string;
let random = 0;

beforeAll(async () => {
  const moto = await startMoto();
  stop = moto.stop;
  clients = emulatorClients(moto.endpoint, region);
  const { HostedZone } = await clients.route53.send(
    new CreateHostedZoneCommand({ Name: "acme.example.", CallerReference: "test" }),
  );
  zoneId = HostedZone?.Id ?? "";
  for (const { Name = "", Type = "A", ResourceRecords = [] } of apexRecords("acme.example.")) {
    await upsert(
      Name,
      Type,
      ResourceRecords.map(({ Value = "" }) => Value),
    );
  }
  await upsert("app.acme.example.", "A", ["127.0.0.1"]);
  await upsert("mail.acme.example.", "MX", ["10 mx.acme.example."]);
  await upsert(
    "long.acme.example.",
    "TXT",
    Array.from({ length: 20 }, (_, index) => `"${index}${"x".repeat(100)}"`),
  );
  zones = createZoneSource(clients.route53, { maxAgeMs: 20, now: () => performance.now() });
  server = await startDnsServer({ address: "127.0.0.1", port: 0, zones, random: () => random });
}, 120_000);
afterAll(async () => {
  await server.close();
  await stop();
});

async function upsert(Name: string, Type: RRType, values: string[], weight?: [string, number]) {
  const weighted = weight ? { SetIdentifier: weight[0], Weight: weight[1] } : {};
  const ResourceRecords = values.map((Value) => ({ Value }));
  const change = { Action: "UPSERT" as const, ResourceRecordSet: { Name, Type, TTL: 7, ResourceRecords, ...weighted } };
  const batch = { HostedZoneId: zoneId, ChangeBatch: { Changes: [change] } };
  await clients.route53.send(new ChangeResourceRecordSetsCommand(batch));
}

const fresh = () => createResolver({ server: server.address, port: server.port });

describe("the name server", () => {
  it("answers from the hosted zone", async () => {
    expect(await fresh().resolve("app.acme.example", "A")).toEqual({ values: ["127.0.0.1"], ttl: 7 });
    expect((await fresh().resolve("mail.acme.example", "MX")).values).toEqual(["10 mx.acme.example"]);
    expect((await fresh().resolve("acme.example", "SOA")).values[0]).toMatch(/awsdns-hostmaster/);
  });

  it("is understood by the system's resolver library", async () => {
    const system = new SystemResolver();
    system.setServers([`${server.address}:${server.port}`]);
    expect(await system.resolve4("app.acme.example", { ttl: true })).toEqual([{ address: "127.0.0.1", ttl: 7 }]);
    await expect(system.resolve4("nobody.acme.example")).rejects.toMatchObject({ code: "ENOTFOUND" });
    await expect(system.resolve6("app.acme.example")).rejects.toMatchObject({ code: "ENODATA" });
    expect(await system.resolveTxt("long.acme.example")).toHaveLength(20);
  });

  it("truncates what doesn't fit, and gives it whole over TCP", async () => {
    const { values } = await fresh().resolve("long.acme.example", "TXT");
    expect(values).toHaveLength(20);
    expect(values[19]).toBe(`19${"x".repeat(100)}`);
  });

  it("follows the weights as they change", async () => {
    await upsert("shift.acme.example.", "A", ["127.0.0.1"], ["blue", 90]);
    await upsert("shift.acme.example.", "A", ["127.0.0.2"], ["green", 10]);
    const at = async (draw: number) => {
      random = draw;
      return (await fresh().resolve("shift.acme.example", "A")).values[0];
    };
    await eventually("both weights are seen", async () => (await at(0.95)) === "127.0.0.2");
    expect(await at(0.85)).toBe("127.0.0.1");
    await upsert("shift.acme.example.", "A", ["127.0.0.1"], ["blue", 0]);
    await eventually("blue is out", async () => (await at(0)) === "127.0.0.2");
  });

  it("says what's wrong", async () => {
    const { resolve } = fresh();
    await expect(resolve("nobody.acme.example", "A")).rejects.toMatchObject({ code: "NXDOMAIN" });
    await expect(resolve("app.acme.example", "AAAA")).rejects.toMatchObject({ code: "NODATA" });
    await expect(resolve("somewhere.test", "A")).rejects.toMatchObject({ code: "REFUSED" });
  });

  it("answers SERVFAIL while it has never seen a zone", async () => {
    const blind = await startDnsServer({
      address: "127.0.0.1",
      port: 0,
      zones: () => Promise.reject(new Error("no API")),
      random: Math.random,
    });
    const { resolve } = createResolver({ server: blind.address, port: blind.port });
    await expect(resolve("app.acme.example", "A")).rejects.toMatchObject({ code: "SERVFAIL" });
    await blind.close();
  });
});

describe("the zone source", () => {
  it("goes on with the last zones when the API fails, and reads again when it's back", async () => {
    let now = 0;
    let broken = false;
    const send = clients.route53.send.bind(clients.route53);
    const flaky = new Proxy(clients.route53, {
      get: (target, name) =>
        name === "send"
          ? (command: Parameters<typeof send>[0]) => (broken ? Promise.reject(new Error("down")) : send(command))
          : Reflect.get(target, name),
    });
    const source = createZoneSource(flaky, { maxAgeMs: 100, now: () => now });
    const names = async () => (await source())[0]?.records.map(({ Name }) => Name);
    const before = await names();
    broken = true;
    await upsert("later.acme.example.", "A", ["127.0.0.1"]);
    now = 200;
    expect(await names()).toEqual(before);
    broken = false;
    expect(await names()).toContain("later.acme.example.");
  });
});
