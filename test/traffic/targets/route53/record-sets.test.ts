import { describe, expect, it } from "vitest";
import type { RecordSet } from "../../../../src/model/traffic.js";
import { canonicalName, describeSet, sameSets, setsOf } from "../../../../src/traffic/targets/route53/record-sets.js";

const set: RecordSet = {
  Name: "app.acme.example.",
  Type: "A",
  TTL: 60,
  ResourceRecords: [{ Value: "192.0.2.1" }, { Value: "192.0.2.2" }],
};

it.each([
  ["App.Acme.Example", "app.acme.example."],
  ["\\052.acme.example.", "*.acme.example."],
])("%s is compared as %s", (name, canonical) => {
  expect(canonicalName(name)).toBe(canonical);
});

describe("sameSets", () => {
  const other: RecordSet = { ...set, Name: "api.acme.example." };
  it.each<[string, RecordSet[], RecordSet[], boolean]>([
    ["order of sets", [set, other], [other, set], true],
    ["order of values", [set], [{ ...set, ResourceRecords: [...(set.ResourceRecords ?? [])].reverse() }], true],
    ["order of members", [set], [Object.fromEntries(Object.entries(set).reverse()) as RecordSet], true],
    ["TTL", [set], [{ ...set, TTL: 61 }], false],
    ["a value", [set], [{ ...set, ResourceRecords: [{ Value: "192.0.2.1" }] }], false],
    ["a health check", [set], [{ ...set, HealthCheckId: "h" }], false],
    ["one more", [set], [set, other], false],
  ])("%s: %#", (_, a, b, same) => {
    expect(sameSets(a, b)).toBe(same);
  });
});

it("takes the named sets alone, of exactly the type", () => {
  const sets: RecordSet[] = [set, { ...set, Type: "AAAA" }, { ...set, Name: "x.app.acme.example." }];
  expect(setsOf(sets, [{ name: "app.acme.example", type: "A" }])).toEqual([set]);
});

it("describes a set in one line", () => {
  expect(describeSet({ ...set, SetIdentifier: "clustershift-blue", Weight: 95 })).toBe(
    "app.acme.example. A weight 95 (clustershift-blue) TTL 60 -> 192.0.2.1, 192.0.2.2",
  );
});
