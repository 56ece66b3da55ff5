import type { ResourceRecordSet, RRType } from "@aws-sdk/client-route-53";

export interface RecordsSpec {
  /** The hosted zone, with its last dot: `acme.example.`. */
  zone: string;
  /** Names in the zone that the cluster serves: `app`, `api`. */
  hosts: string[];
  /** The edge that they point at. */
  edgeAddress: string;
  /** Of the served hosts, in seconds. */
  ttl: number;
}

/** The served hosts: simple A records, as a zone has them that has never seen a weight. */
export function servedRecords({ zone, hosts, edgeAddress, ttl }: RecordsSpec): ResourceRecordSet[] {
  return hosts.map((host) => ({
    Name: `${host}.${zone}`,
    Type: "A",
    TTL: ttl,
    ResourceRecords: [{ Value: edgeAddress }],
  }));
}

/** The zone's own records, with Route 53's values: the emulator puts a Python dictionary's text in place of each. */
export function apexRecords(zone: string): ResourceRecordSet[] {
  const servers = [
    "ns-2048.awsdns-64.com.",
    "ns-2049.awsdns-65.net.",
    "ns-2050.awsdns-66.org.",
    "ns-2051.awsdns-67.co.uk.",
  ];
  const soa = `${servers[0]} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`;
  return [simple(zone, "NS", servers, 172_800), simple(zone, "SOA", [soa], 900)];
}

/** Other people's records in the same zone. No migration may touch them, and `partner` shows why names alone won't do. */
export function foreignRecords(zone: string): ResourceRecordSet[] {
  return [
    simple(zone, "MX", ["10 mail-a.mail.example.", "20 mail-b.mail.example."]),
    simple(zone, "TXT", ['"v=spf1 include:mail.example ~all"']),
    simple(`_dmarc.${zone}`, "TXT", ['"v=DMARC1; p=reject"']),
    simple(`www.${zone}`, "CNAME", [`app.${zone}`]),
    simple(`*.preview.${zone}`, "A", ["127.200.0.9"]),
    weighted(`partner.${zone}`, "partner-east", 70, "127.200.0.1"),
    weighted(`partner.${zone}`, "partner-west", 30, "127.200.0.2"),
  ];
}

function simple(Name: string, Type: RRType, values: string[], TTL = 300): ResourceRecordSet {
  return { Name, Type, TTL, ResourceRecords: values.map((Value) => ({ Value })) };
}

function weighted(Name: string, SetIdentifier: string, Weight: number, Value: string): ResourceRecordSet {
  return { Name, Type: "A", SetIdentifier, Weight, TTL: 60, ResourceRecords: [{ Value }] };
}
