import type { Route53Api } from "../../../aws/api.js";
import type { Config } from "../../../config/schema.js";
import { UserError } from "../../../model/errors.js";
import type { DnsTarget } from "../../../model/traffic.js";
import { canonicalName } from "./record-sets.js";

type ConfiguredRecord = Config["traffic"]["route53"][number]["records"][number];

/** The names of the configuration that move, each with its zone and what the configuration says of it. */
export async function recordNames(
  zones: Config["traffic"]["route53"],
  route53: Pick<Route53Api, "findZone">,
): Promise<{ zoneId: string; name: string; type: ConfiguredRecord["type"]; record: ConfiguredRecord }[]> {
  const names = [];
  for (const { zone, records } of zones) {
    const { id, name: apex } = await route53.findZone(zone);
    for (const record of records) {
      const name = canonicalName(record.name);
      if (name !== apex && !name.endsWith(`.${apex}`)) {
        throw trouble(
          `${record.name} doesn't belong to the zone ${apex}.`,
          "Mend traffic.route53 in clustershift.yaml.",
        );
      }
      names.push({ zoneId: id, name, type: record.type, record });
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
    green: greenValues(record, addresses),
  }));
}

function greenValues({ name, green }: ConfiguredRecord, addresses: Readonly<Record<string, string>>): string[] {
  if ("values" in green) return green.values;
  const value = addresses[green.address];
  if (value !== undefined) return [value];
  const known = Object.keys(addresses).join(", ") || "none";
  throw trouble(
    `${name}: green has no address named ${JSON.stringify(green.address)}; it has: ${known}.`,
    "Name one of green's addresses in traffic.route53[].records[].green.address, or give its values.",
  );
}

function trouble(what: string, fix: string): UserError {
  return new UserError({ code: "config-invalid", what, fix });
}
