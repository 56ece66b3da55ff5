import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import type { Answer } from "dns-packet";

/** A record set's values, as records of `owner` for a DNS packet. Types that the sandbox doesn't serve give none. */
export function toAnswers(set: ResourceRecordSet, owner: string): Answer[] {
  const ttl = set.TTL ?? 0;
  return (set.ResourceRecords ?? []).flatMap(({ Value = "" }) => toAnswer(set.Type, owner, ttl, Value));
}

function toAnswer(type: string | undefined, name: string, ttl: number, value: string): Answer[] {
  switch (type) {
    case "A":
    case "AAAA":
    case "CNAME":
    case "NS":
      return [{ type, name, ttl, class: "IN", data: value }];
    case "TXT":
      return [{ type, name, ttl, class: "IN", data: quotedStrings(value) }];
    case "MX": {
      const [preference, exchange = ""] = value.split(/\s+/);
      return [{ type, name, ttl, class: "IN", data: { preference: Number(preference), exchange } }];
    }
    case "SOA": {
      const [mname = "", rname = "", ...numbers] = value.split(/\s+/);
      const [serial = 0, refresh = 0, retry = 0, expire = 0, minimum = 0] = numbers.map(Number);
      return [{ type, name, ttl, class: "IN", data: { mname, rname, serial, refresh, retry, expire, minimum } }];
    }
    default:
      return [];
  }
}

/** `"a" "b \"c\""` -> [`a`, `b "c"`]. */
function quotedStrings(value: string): string[] {
  return [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) => text.replace(/\\(.)/g, "$1"));
}
