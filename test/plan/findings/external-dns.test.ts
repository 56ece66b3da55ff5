import { describe, expect, it } from "vitest";
import type { DnsWriter, ExternalDns, OwnedName } from "../../../src/model/external-dns.js";
import { type Assessment, nothingExclusive, type PlannedDns } from "../../../src/plan/assessment.js";
import {
  externalDnsBesideKept,
  externalDnsElsewhere,
  externalDnsOnBlue,
  externalDnsOnGreen,
  stayingRecords,
} from "../../../src/plan/findings/external-dns.js";

const object = { group: "apps", kind: "Deployment", namespace: "dns", name: "external-dns" };
const instance = (parts: Partial<ExternalDns> = {}): ExternalDns => ({
  ...{ object, runs: true, policy: "sync", registry: "txt", encrypted: false, dryRun: false, owner: "one" },
  ...{ recordTypes: ["A"], domains: { include: [], exclude: [] }, zoneIds: [], zoneType: "" },
  ...{ prefix: "", suffix: "", wildcard: "", unread: [] },
  ...parts,
});
const owned: OwnedName = {
  ...{ name: "app.acme.example.", type: "A", owner: "one", resource: "ingress/shop/web", txt: "a-app.acme.example." },
};
const writer = (parts: Partial<DnsWriter> = {}): DnsWriter => ({
  ...{ cluster: "blue", object, runs: true, policy: "sync", owner: "one", names: ["app.acme.example. A"] },
  why: 'owns them by its id "one"',
  ...parts,
});
const found = (parts: Partial<PlannedDns>, exclusive = nothingExclusive) => {
  const dns: PlannedDns = {
    ...{ owned: [], writers: [], instances: { blue: [], green: [] }, staying: [], keeps: false },
    ...parts,
  };
  return [externalDnsOnBlue, externalDnsOnGreen, externalDnsElsewhere, externalDnsBesideKept, stayingRecords].flatMap(
    (assessor) => assessor({ dns, exclusive } as unknown as Assessment),
  );
};

describe("what the plan says of external-dns", () => {
  it("is nothing where no records move, or nobody else writes them", () => {
    expect(externalDnsOnBlue({} as Assessment)).toEqual([]);
    expect(externalDnsOnGreen({} as Assessment)).toEqual([]);
    expect(found({})).toEqual([]);
  });

  it("names record, owner id and resource of what blue's would write over", () => {
    const blue = { instances: { blue: [instance()], green: [instance({ runs: false })] } };
    const [finding, ...more] = found({ ...blue, owned: [owned], writers: [writer()] });
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ id: "external-dns-on-blue", severity: "warning", object, count: 1 });
    expect(finding?.why).toContain("app.acme.example. A (owner one, ingress/shop/web)");
  });

  it.each([
    { first: true, findings: 0 },
    { first: false, findings: 1 },
  ])("is told of one that is stopped before any traffic moves: $first", ({ first, findings }) => {
    const stop = { object, rule: "dns", edited: object, field: "spec.replicas", value: 0, first };
    const exclusive = { ...nothingExclusive, planned: [stop] };
    expect(found({ owned: [], writers: [writer()] }, exclusive)).toHaveLength(findings);
  });

  it("is nothing of one that is stopped", () => {
    expect(found({ owned: [], writers: [writer({ runs: false })] })).toEqual([]);
  });

  it.each<[string, Partial<ExternalDns>, RegExp]>([
    ["the same owner id", {}, /same owner id "one"/],
    ["one that nobody knows", { owner: undefined as never }, /as far as can be told/],
  ])("blocks two that run with %s", (_, parts, why) => {
    const findings = found({ instances: { blue: [instance(parts)], green: [instance(parts)] } });
    expect(findings).toMatchObject([
      { id: "external-dns-on-green", severity: "blocker", why: expect.stringMatching(why) },
    ]);
  });

  it("blocks one on green that would write over what moves at once", () => {
    const green = instance({ owner: "two", registry: "noop" });
    const writers = [writer({ cluster: "green", owner: "two" })];
    expect(found({ instances: { blue: [instance()], green: [green] }, writers })).toMatchObject([
      { id: "external-dns-on-green", why: expect.stringContaining("app.acme.example. A") },
    ]);
  });

  it.each<[string, Partial<ExternalDns>]>([
    ["held", { runs: false }],
    ["another owner's", { owner: "two" }],
    ["another provider's", { provider: "cloudflare" }],
    ["one that deletes nothing", { policy: "upsert-only" }],
  ])("lets green have one that is %s", (_, parts) => {
    expect(found({ instances: { blue: [instance()], green: [instance(parts)] } })).toEqual([]);
  });

  it("names an owner that isn't blue's, unless blue's own isn't known", () => {
    const foreign = { ...owned, owner: "other" };
    expect(found({ owned: [foreign, foreign], instances: { blue: [instance()], green: [] } })).toMatchObject([
      { id: "external-dns-elsewhere", count: 1, why: expect.stringContaining("(owner other, ingress/shop/web)") },
    ]);
    expect(
      found({ owned: [foreign], instances: { blue: [instance({ owner: undefined as never })], green: [] } }),
    ).toEqual([]);
  });

  it("warns of weighted sets that would stay where external-dns makes simple ones", () => {
    const blue = { instances: { blue: [instance()], green: [] }, keeps: true };
    expect(found({ ...blue, owned: [owned] })).toMatchObject([{ id: "external-dns-beside-kept", count: 1 }]);
    expect(found({ ...blue, owned: [{ ...owned, setIdentifier: "eu" }] })).toEqual([]);
  });
});

it.each([
  ["type" as const, "A", "though its A moves"],
  ["zone" as const, "public zone Z1", "though it moves in the public zone Z1"],
])("the plan names a record that stays at blue beside another %s", (beside, of, words) => {
  const staying = [{ zoneId: "Z2", name: "app.acme.example.", type: "AAAA", beside, of }];
  const [finding] = found({ staying });
  expect(finding).toMatchObject({ id: "record-stays", severity: "warning" });
  expect(finding?.why).toContain(`app.acme.example. AAAA in zone Z2`);
  expect(finding?.why).toContain(words);
});
