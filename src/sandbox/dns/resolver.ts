import type { DecodedPacket } from "dns-packet";
import { type NameServer, query } from "./query.js";

type LookupType = "A" | "AAAA" | "CNAME" | "TXT" | "MX" | "NS" | "SOA";

export interface Lookup {
  /** As text: addresses, names, `10 mail.example`; strings of one TXT record joined. */
  values: string[];
  /** Of the whole chain, in seconds. */
  ttl: number;
}

export interface Resolver {
  /** @throws DnsError */
  resolve(name: string, type: LookupType): Promise<Lookup>;
}

export interface ResolverOptions extends Partial<Pick<NameServer, "timeoutMs">> {
  server: string;
  port: number;
  /** Milliseconds, of any clock that only goes forward. */
  now?: () => number;
}

/** Why there's no answer. */
export class DnsError extends Error {
  constructor(
    readonly code: "NXDOMAIN" | "NODATA" | "SERVFAIL" | "REFUSED" | "UNREACHABLE",
    name: string,
    options?: ErrorOptions,
  ) {
    super(`${name}: ${code}`, options);
  }
}

/** A stub resolver with a cache that keeps each answer for its TTL, and no longer. Failures aren't kept. */
export function createResolver({
  server,
  port,
  timeoutMs = 1000,
  now = () => performance.now(),
}: ResolverOptions): Resolver {
  const cache = new Map<string, { answer: Promise<Lookup>; goodUntil: number }>();
  return {
    resolve: (name, type) => {
      const key = `${type} ${name.toLowerCase()}`;
      const known = cache.get(key);
      if (known && now() < known.goodUntil) return known.answer;
      // While it's being asked everybody waits for the one answer.
      const entry = { answer: look({ server, port, timeoutMs }, name, type), goodUntil: Number.POSITIVE_INFINITY };
      cache.set(key, entry);
      entry.answer.then(
        ({ ttl }) => {
          entry.goodUntil = now() + ttl * 1000;
        },
        () => {
          if (cache.get(key) === entry) cache.delete(key);
        },
      );
      return entry.answer;
    },
  };
}

async function look(to: NameServer, name: string, type: LookupType): Promise<Lookup> {
  const reply: DecodedPacket & { rcode?: string } = await query(to, name, type).catch((cause: unknown) => {
    throw new DnsError("UNREACHABLE", name, { cause });
  });
  const { rcode } = reply;
  if (rcode === "NXDOMAIN" || rcode === "SERVFAIL" || rcode === "REFUSED") throw new DnsError(rcode, name);
  const answers = reply.answers ?? [];
  const values = answers.flatMap((record) => {
    if (record.type !== type) return [];
    switch (record.type) {
      case "TXT":
        return [[record.data].flat().map(String).join("")];
      case "MX":
        return [`${record.data.preference ?? 0} ${record.data.exchange}`];
      case "SOA":
        return [`${record.data.mname} ${record.data.rname} ${record.data.serial}`];
      default:
        return typeof record.data === "string" ? [record.data] : [];
    }
  });
  if (values.length === 0) throw new DnsError("NODATA", name);
  const ttls = answers.map((record) => ("ttl" in record ? (record.ttl ?? 0) : 0));
  return { values, ttl: Math.min(...ttls) };
}
