import { describe, expect, it } from "vitest";
import type { ExternalDns } from "../../../src/model/external-dns.js";
import type { RecordSet } from "../../../src/model/traffic.js";
import { type MovingName, writersOf } from "../../../src/traffic/external-dns/writers.js";

const instance = (parts: Partial<ExternalDns> = {}): ExternalDns => ({
  ...{ object: { group: "apps", kind: "Deployment", namespace: "dns", name: "external-dns" }, runs: true },
  ...{ provider: "aws", policy: "sync", registry: "txt", encrypted: false, dryRun: false, owner: "one" },
  ...{ recordTypes: ["A", "AAAA", "CNAME"], domains: { include: [], exclude: [] }, zoneIds: [], zoneType: "" },
  ...{ prefix: "", suffix: "", wildcard: "", unread: [] },
  ...parts,
});
const name: MovingName = { zoneId: "Z1", isPrivate: false, name: "app.acme.example.", type: "A" };
const owned: RecordSet = {
  ...{ Name: "a-app.acme.example.", Type: "TXT", TTL: 300 },
  ResourceRecords: [{ Value: '"heritage=external-dns,external-dns/owner=one,external-dns/resource=ingress/shop/web"' }],
};
const written = (parts: Partial<ExternalDns>, sets: RecordSet[] = [owned]) =>
  writersOf([name], new Map([["Z1", sets]]), { blue: [instance(parts)], green: [] }).writers;

describe("writersOf", () => {
  it("names who owns a name that moves, and which", () => {
    expect(writersOf([name], new Map([["Z1", [owned]]]), { blue: [instance()], green: [] })).toEqual({
      owned: [
        {
          ...{ name: "app.acme.example.", type: "A", owner: "one", resource: "ingress/shop/web" },
          txt: "a-app.acme.example.",
        },
      ],
      writers: [
        {
          ...{ cluster: "blue", object: instance().object, runs: true, policy: "sync", owner: "one" },
          ...{ names: ["app.acme.example. A"], why: 'owns them by its id "one"' },
        },
      ],
    });
  });

  it("finds green's as well", () => {
    const { writers } = writersOf([name], new Map([["Z1", [owned]]]), { blue: [], green: [instance()] });
    expect(writers.map(({ cluster }) => cluster)).toEqual(["green"]);
  });

  it.each<[string, Partial<ExternalDns>]>([
    ["only creates", { policy: "create-only" }],
    ["only says what it would do", { dryRun: true }],
    ["writes to another provider", { provider: "cloudflare" }],
    ["has another id", { owner: "two" }],
    ["has other zones", { zoneIds: ["Z2"] }],
    ["has private zones alone", { zoneType: "private" }],
    ["has other types", { recordTypes: ["CNAME"] }],
    [
      "has other domains",
      { domains: { include: ["other.example", ".app.acme.example", "pp.acme.example"], exclude: [] } },
    ],
    ["is kept from the domain", { domains: { include: [], exclude: ["acme.example"] } }],
    ["has other domains by an expression", { domains: { include: [], exclude: [], matching: "^api\\." } }],
    ["is kept from it by an expression", { domains: { include: [], exclude: [], notMatching: "^app\\." } }],
  ])("leaves alone who %s", (_, parts) => {
    expect(written(parts)).toEqual([]);
  });

  it("leaves alone whom no record names an owner", () => {
    expect(written({}, [])).toEqual([]);
  });

  it.each<[string, Partial<ExternalDns>]>([
    ["never deletes", { policy: "upsert-only" }],
    ["doesn't say its provider", { provider: undefined as never }],
    ["has this zone", { zoneIds: ["/hostedzone/Z1"] }],
    ["has public zones", { zoneType: "public" }],
    ["has this domain", { domains: { include: ["acme.example."], exclude: ["api.acme.example"] } }],
    ["has what is below the domain", { domains: { include: [".Acme.example"], exclude: [] } }],
    ["has an expression that we can't read", { domains: { include: [], exclude: [], matching: "(?P<x" } }],
  ])("finds who %s", (_, parts) => {
    expect(written(parts)).toMatchObject([{ names: ["app.acme.example. A"] }]);
  });

  it.each<[string, Partial<ExternalDns>, RecordSet[], RegExp]>([
    ["without a registry", { registry: "noop" }, [], /keeps no registry/],
    ["with a registry elsewhere", { registry: "dynamodb" }, [], /isn't read here/],
    ["with an encrypted one", { encrypted: true }, [], /isn't read here/],
    ["whose prefix isn't known", { unread: ["txt-prefix"] }, [], /isn't read here/],
    ["whose id isn't known", { owner: undefined as never }, [owned], /isn't written in its object/],
  ])("takes one %s for a writer", (_, parts, sets, why) => {
    expect(written(parts, sets)[0]?.why).toMatch(why);
  });
});
