import { describe, expect, it } from "vitest";
import { dnsTargets } from "../../../../src/traffic/targets/route53/resolve.js";

describe("dnsTargets", () => {
  const route53 = { findZone: async () => ({ id: "Z1", name: "acme.example.", private: false }) };
  const resolve = (name: string, green: { values: string[] } | { address: string }) =>
    dnsTargets([{ zone: "acme.example", records: [{ name, type: "A", green }] }], { ingress: "192.0.2.9" }, route53);

  it.each([
    ["App.acme.example", "app.acme.example."],
    ["*.preview.acme.example.", "*.preview.acme.example."],
    ["acme.example", "acme.example."],
  ])("takes %s for %s", async (name, canonical) => {
    expect(await resolve(name, { address: "ingress" })).toEqual([
      { kind: "route53", zoneId: "Z1", name: canonical, type: "A", green: ["192.0.2.9"] },
    ]);
  });

  it("refuses a name of another zone, and an address that green doesn't have", async () => {
    await expect(resolve("app.notacme.example", { values: ["192.0.2.1"] })).rejects.toThrow(/doesn't belong/);
    await expect(resolve("app.acme.example", { address: "edge" })).rejects.toThrow(/no address named "edge".*ingress/);
  });
});
