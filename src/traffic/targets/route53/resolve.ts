import type { Route53Api } from "../../../aws/api.js";
import type { Config } from "../../../config/schema.js";
import { UserError } from "../../../model/errors.js";
import type { Answer, DnsTarget } from "../../../model/traffic.js";
import { canonicalName } from "./record-sets.js";

type ConfiguredRecord = Config["traffic"]["route53"][number]["records"][number];

/** A name of the configuration, and its zone. */
export interface ConfiguredName {
  zoneId: string;
  /** The zone's own name, with the final dot. */
  apex: string;
  isPrivate: boolean;
  name: string;
  type: ConfiguredRecord["type"];
  record: ConfiguredRecord;
}

/** The names of the configuration that move, each with its zone and what the configuration says of it. */
export async function recordNames(
  zones: Config["traffic"]["route53"],
  route53: Pick<Route53Api, "findZone">,
): Promise<ConfiguredName[]> {
  const names: ConfiguredName[] = [];
  const seen = new Set<string>();
  for (const { zone, records, ...which } of zones) {
    const { id, name: apex, private: isPrivate } = await route53.findZone(zone, which);
    for (const record of records) {
      const name = canonicalName(record.name);
      if (name !== apex && !name.endsWith(`.${apex}`)) {
        throw trouble(
          `${record.name} doesn't belong to the zone ${apex}.`,
          "Mend traffic.route53 in clustershift.yaml.",
        );
      }
      if (seen.has(`${id} ${name} ${record.type}`)) {
        throw trouble(
          `${name} ${record.type} is named twice for the zone ${id}.`,
          "Name each record of a zone once under traffic.route53 in clustershift.yaml.",
        );
      }
      seen.add(`${id} ${name} ${record.type}`);
      names.push({ zoneId: id, apex, isPrivate, name, type: record.type, record });
    }
  }
  return names;
}

/** The Route 53 targets of the configuration. `addresses`: green's outputs by name. */
export async function dnsTargets(
  zones: Config["traffic"]["route53"],
  addresses: Readonly<Record<string, string>>,
  route53: Pick<Route53Api, "findZone">,
): Promise<DnsTarget[]> {
  const names = await recordNames(zones, route53);
  return names.map(({ zoneId, name, type, record }) => ({
    kind: "route53",
    zoneId,
    name,
    type,
    green: greenAnswer(record, addresses),
    ...(record.healthCheck !== undefined && { healthCheckId: record.healthCheck }),
  }));
}

function greenAnswer({ name, green }: ConfiguredRecord, addresses: Readonly<Record<string, string>>): Answer {
  const outputOf = (address: string): string => {
    const value = addresses[address];
    if (value !== undefined) return value;
    const known = Object.keys(addresses).join(", ") || "none";
    throw trouble(
      `${name}: green has no address named ${JSON.stringify(address)}; it has: ${known}.`,
      "Name one of green's addresses in traffic.route53[].records[].green, or write its answer out.",
    );
  };
  if ("values" in green) return green.values;
  if ("address" in green) return [outputOf(green.address)];
  const { zone, evaluateTargetHealth, name: aliased, address = "" } = green.alias;
  return {
    HostedZoneId: zone,
    DNSName: canonicalName(aliased ?? outputOf(address)),
    EvaluateTargetHealth: evaluateTargetHealth,
  };
}

function trouble(what: string, fix: string): UserError {
  return new UserError({ code: "config-invalid", what, fix });
}
