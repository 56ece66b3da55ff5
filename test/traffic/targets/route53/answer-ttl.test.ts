import { expect, it } from "vitest";
import type { RecordSet } from "../../../../src/model/traffic.js";
import { answerTtl } from "../../../../src/traffic/targets/route53/answer-ttl.js";

const alias = (Name: string, DNSName: string, HostedZoneId = "Z1"): RecordSet => ({
  ...{ Name, Type: "A", AliasTarget: { HostedZoneId, DNSName, EvaluateTargetHealth: false } },
});
const values = (Name: string, TTL: number, more: Partial<RecordSet> = {}): RecordSet => ({
  ...{ Name, Type: "A", TTL, ResourceRecords: [{ Value: "192.0.2.1" }] },
  ...more,
});
const zone: RecordSet[] = [
  values("app.acme.example.", 3_600),
  values("app.acme.example.", 86_400, { Type: "AAAA" }),
  values("two.acme.example.", 30, { SetIdentifier: "a", Weight: 1 }),
  values("two.acme.example.", 300, { SetIdentifier: "b", Weight: 1 }),
  alias("www.acme.example.", "APP.acme.example"),
  alias("one.acme.example.", "other.acme.example."),
  alias("other.acme.example.", "one.acme.example."),
];

it.each<[string, RecordSet, number]>([
  ["its own TTL", values("x.acme.example.", 0), 0],
  ["60 s of a load balancer's", alias("x.acme.example.", "lb.example.", "Z35SXDOTRQ7X7K"), 60],
  ["that of the record that it stands for", alias("x.acme.example.", "app.acme.example."), 3_600],
  ["the longest of several", alias("x.acme.example.", "two.acme.example."), 300],
  ["that behind another alias", alias("x.acme.example.", "www.acme.example."), 3_600],
  ["60 s of what isn't there", alias("x.acme.example.", "gone.acme.example."), 60],
  ["60 s in a circle", alias("x.acme.example.", "one.acme.example."), 60],
])("a set is answered with %s", (_, set, ttl) => {
  expect(answerTtl(set, "Z1", zone)).toBe(ttl);
});
