import { ago, hour, journalOf, lowered, minute } from "../../evidence.js";
import { type Row, without, writer } from "../spoil.js";

/** What would write over names, or would be believed for too long. */
export const dns: Row[] = [
  [
    "writers that nobody looked for",
    "externalDnsQuiet",
    "external-dns-active",
    without("dns"),
    /Nobody looked whether/,
  ],
  [
    "zones that can't be read",
    "externalDnsQuiet",
    "external-dns-active",
    (e) => ({ ...e, dns: { ...e.dns, error: "no route" } }),
    /can't be told whether .* \(no route\)/,
  ],
  [
    "an external-dns of blue that owns what moves",
    "externalDnsQuiet",
    "external-dns-active",
    (e) => ({ ...e, dns: { ...e.dns, writers: [writer("blue", true)] } }),
    /Blue's Deployment.apps dns\/external-dns runs with --policy=sync and would write over app\.acme\.example\. A: it owns/,
  ],
  [
    "an external-dns that runs on green",
    "externalDnsQuiet",
    "external-dns-active",
    (e) => ({ ...e, dns: { ...e.dns, writers: [writer("blue", false), writer("green", true)] } }),
    /^Green's Deployment.apps dns\/external-dns runs/,
  ],
  ["TTLs as they were", "ttlLowered", "ttl-not-lowered", (e) => ({ ...e, journal: [] }), /have not been lowered to 1m/],
  [
    "TTLs not lowered enough",
    "ttlLowered",
    "ttl-not-lowered",
    (e) => ({ ...e, journal: journalOf([ago(hour), lowered(61, ago(minute))]) }),
    /have not been lowered to 1m/,
  ],
  [
    "TTLs lowered and given back",
    "ttlLowered",
    "ttl-not-lowered",
    (e) => ({
      ...e,
      journal: journalOf(
        [ago(hour), lowered(60, ago(minute))],
        [ago(0), { type: "event", phase: "prepare", event: "undone", data: { number: 1 } }],
      ),
    }),
    /have not been lowered to 1m/,
  ],
  [
    "old TTLs not over yet",
    "ttlLowered",
    "ttl-not-lowered",
    (e) => ({ ...e, journal: journalOf([ago(hour), lowered(60, ago(-minute))]) }),
    /until .*, for 1m/,
  ],
];
