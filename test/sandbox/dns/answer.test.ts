import type { ResourceRecordSet, RRType } from "@aws-sdk/client-route-53";
import type { Answer } from "dns-packet";
import { describe, expect, it } from "vitest";
import { answer, zoneFor } from "../../../src/sandbox/dns/answer.js";

function set(Name: string, Type: RRType, values: string[], more: Partial<ResourceRecordSet> = {}): ResourceRecordSet {
  return { Name, Type, TTL: 60, ResourceRecords: values.map((Value) => ({ Value })), ...more };
}

const alias = (DNSName: string) => ({ AliasTarget: { HostedZoneId: "Z1", DNSName, EvaluateTargetHealth: false } });

const zone = {
  name: "acme.example.",
  records: [
    set("acme.example.", "SOA", ["ns.acme.example. root.acme.example. 1 7200 900 1209600 86400"], { TTL: 900 }),
    set("acme.example.", "NS", ["ns.acme.example."]),
    set("acme.example.", "MX", ["10 mail.example.", "20 mail-b.example."]),
    set("acme.example.", "TXT", ['"v=spf1 -all" "second \\"string\\""']),
    set("acme.example.", "A", [], alias("app.acme.example.")),
    set("app.acme.example.", "A", ["127.0.0.1"], { SetIdentifier: "blue", Weight: 1, TTL: 5 }),
    set("app.acme.example.", "A", ["127.0.0.2"], { SetIdentifier: "green", Weight: 1, TTL: 5 }),
    set("app.acme.example.", "AAAA", ["::1"]),
    set("www.acme.example.", "CNAME", ["app.acme.example."]),
    set("out.acme.example.", "CNAME", ["cdn.other.example."]),
    set("gone.acme.example.", "CNAME", ["missing.acme.example."]),
    set("loop.acme.example.", "CNAME", ["loop.acme.example."]),
    set("balanced.acme.example.", "A", [], alias("lb-1.elb.amazonaws.example.")),
    set("\\052.wild.acme.example.", "A", ["127.0.0.3"]),
    set("named.wild.acme.example.", "TXT", ['"here"']),
    set("deep.below.acme.example.", "A", ["127.0.0.4"]),
  ],
};

function text(record: Answer): string {
  if (!("data" in record) || !("ttl" in record)) return record.type;
  const data = typeof record.data === "string" ? record.data : JSON.stringify(record.data);
  return `${record.name} ${record.ttl} ${record.type} ${data}`;
}

describe("answer", () => {
  it.each([
    ["app.acme.example", "A", 0.4, ["app.acme.example 5 A 127.0.0.1"]],
    ["app.acme.example", "A", 0.5, ["app.acme.example 5 A 127.0.0.2"]],
    ["App.ACME.example.", "AAAA", 0, ["App.ACME.example. 60 AAAA ::1"]],
    ["www.acme.example", "A", 0, ["www.acme.example 60 CNAME app.acme.example.", "app.acme.example. 5 A 127.0.0.1"]],
    ["www.acme.example", "CNAME", 0, ["www.acme.example 60 CNAME app.acme.example."]],
    ["out.acme.example", "A", 0, ["out.acme.example 60 CNAME cdn.other.example."]],
    ["acme.example", "A", 0.9, ["acme.example 5 A 127.0.0.2"]],
    [
      "acme.example",
      "MX",
      0,
      [
        'acme.example 60 MX {"preference":10,"exchange":"mail.example."}',
        'acme.example 60 MX {"preference":20,"exchange":"mail-b.example."}',
      ],
    ],
    ["acme.example", "TXT", 0, ['acme.example 60 TXT ["v=spf1 -all","second \\"string\\""]']],
    ["acme.example", "NS", 0, ["acme.example 60 NS ns.acme.example."]],
    ["any.wild.acme.example", "A", 0, ["any.wild.acme.example 60 A 127.0.0.3"]],
    ["two.labels.wild.acme.example", "A", 0, ["two.labels.wild.acme.example 60 A 127.0.0.3"]],
  ])("%s %s", (name, type, random, expected) => {
    const reply = answer(zone, { name, type }, () => random);
    expect(reply.answers.map(text)).toEqual(expected);
    expect(reply).toMatchObject({ rcode: "NOERROR", authorities: [] });
  });

  it.each([
    ["no such name", "nobody.acme.example", "A", "NXDOMAIN", 0],
    ["no such type", "app.acme.example", "MX", "NOERROR", 0],
    ["a name with only names below it", "below.acme.example", "A", "NOERROR", 0],
    ["a name that exists isn't covered by the wildcard beside it", "named.wild.acme.example", "A", "NOERROR", 0],
    ["a CNAME to nowhere", "gone.acme.example", "A", "NOERROR", 1],
    ["an alias to something outside", "balanced.acme.example", "A", "NOERROR", 0],
  ])("%s: the SOA says so", (_, name, type, rcode, answers) => {
    const reply = answer(zone, { name, type }, () => 0);
    expect(reply.rcode).toBe(rcode);
    expect(reply.answers).toHaveLength(answers);
    expect(reply.authorities.map(text)[0]).toMatch(
      /^acme.example. 900 SOA .*"mname":"ns.acme.example.".*"minimum":86400/,
    );
  });

  it("ends a CNAME loop", () => {
    expect(answer(zone, { name: "loop.acme.example", type: "A" }, () => 0).answers.length).toBeGreaterThan(0);
  });
});

describe("zoneFor", () => {
  const zones = ["example.", "acme.example.", "other.test."].map((name) => ({ name, records: [] }));
  it.each([
    ["app.acme.example", "acme.example."],
    ["ACME.example.", "acme.example."],
    ["notacme.example", "example."],
    ["acme.test", undefined],
  ])("%s -> %s", (name, expected) => {
    expect(zoneFor(zones, name)?.name).toBe(expected);
  });
});
