import { describe, expect, it } from "vitest";
import type { DnsTarget, RecordSet } from "../../../../src/model/traffic.js";
import { troublesOf } from "../../../../src/traffic/targets/route53/record.js";

const target: DnsTarget = {
  kind: "route53",
  zoneId: "Z1",
  name: "app.acme.example.",
  type: "A",
  green: ["198.51.100.1"],
};
const live: RecordSet = { Name: target.name, Type: "A", TTL: 60, ResourceRecords: [{ Value: "192.0.2.1" }] };
const weighted = (SetIdentifier: string, Weight: number): RecordSet => ({ ...live, SetIdentifier, Weight });
const alias: RecordSet = {
  Name: target.name,
  Type: "A",
  AliasTarget: { HostedZoneId: "Z2", DNSName: "lb.example.", EvaluateTargetHealth: true },
};

describe("troublesOf", () => {
  it.each<[string, RecordSet[]]>([
    ["a simple record", [live]],
    ["an alias", [alias]],
    ["weighted ones, of which some have weight 0", [weighted("a", 0), weighted("b", 1)]],
    ["as many sets as leave room for green's", Array.from({ length: 99 }, (_, i) => weighted(`s${i}`, 1))],
    ["one with a health check", [{ ...live, HealthCheckId: "h1" }]],
  ])("finds none in %s", (_, sets) => {
    expect(troublesOf(target, sets)).toEqual([]);
  });

  it.each<[string, Partial<DnsTarget>, RecordSet[], RegExp]>([
    ["a name that doesn't exist", {}, [], /doesn't exist/],
    [
      "latency routing",
      {},
      [{ ...live, SetIdentifier: "eu", Region: "eu-central-1" }],
      /routed by Region \(record set "eu"\)/,
    ],
    [
      "geolocation",
      {},
      [{ ...live, SetIdentifier: "de", GeoLocation: { CountryCode: "DE" } }],
      /by GeoLocation .*"de"/,
    ],
    [
      "several answers at once",
      {},
      [{ ...live, SetIdentifier: "m", MultiValueAnswer: true }],
      /by MultiValueAnswer .*"m"/,
    ],
    ["no room", {}, Array.from({ length: 100 }, (_, i) => weighted(`s${i}`, 1)), /has 100 record sets, the most/],
    ["failover routing", {}, [{ ...live, SetIdentifier: "a", Failover: "PRIMARY" }], /routed by Failover/],
    ["weights that are all zero", {}, [weighted("a", 0), weighted("b", 0)], /weight 0 in every/],
    ["an IPv6 address in an A record", { green: ["2001:db8::1"] }, [live], /2001:db8::1/],
    ["a name in an A record", { green: ["lb.example."] }, [live], /lb.example/],
    ["an address in a CNAME", { type: "CNAME" }, [live], /198.51.100.1/],
    ["two values of a CNAME", { type: "CNAME", green: ["a.example.", "b.example."] }, [live], /one value only/],
    ["no value", { green: [] }, [live], /no value for green/],
  ])("finds %s", (_, more, sets, message) => {
    expect(troublesOf({ ...target, ...more }, sets).join("\n")).toMatch(message);
  });
});
