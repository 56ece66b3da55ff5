import type { Route53Api } from "../../aws/api.js";
import type { Config } from "../../config/schema.js";
import type { RecordSet, StayingRecord } from "../../model/traffic.js";
import { liveTroubles } from "../../traffic/targets/route53/record.js";
import { setsOf } from "../../traffic/targets/route53/record-sets.js";
import { type ConfiguredName, recordNames } from "../../traffic/targets/route53/resolve.js";
import { type LookedAt, stayingRecords } from "../../traffic/targets/route53/staying.js";
import { countNames, type ZonePart } from "../../traffic/targets/route53/zone-share.js";
import { configTrouble } from "../../traffic/targets/trouble.js";

/** The names that move, with their zones, each read whole. */
export interface LookedAtZones {
  names: ConfiguredName[];
  /** By zone id. */
  zones: ReadonlyMap<string, readonly RecordSet[]>;
  parts: ZonePart[];
  staying: StayingRecord[];
}

/**
 * Reads the zones of the names that move, and those that share a name with them.
 *
 * @throws UserError `config-invalid` naming every record that isn't there, or can't be shifted whatever green's answer is
 */
export async function lookAtZones(
  configured: Config["traffic"]["route53"],
  route53: Pick<Route53Api, "findZone" | "zonesNamed" | "recordSets">,
): Promise<LookedAtZones> {
  const names = await recordNames(configured, route53);
  const seen = new Map<string, LookedAt>();
  for (const apex of new Set(names.map((name) => name.apex))) {
    const own = names.filter((name) => name.apex === apex);
    // A zone that is named by its id may be another account's, which no list has.
    const zones = own.map(({ zoneId, isPrivate }) => ({ id: zoneId, name: apex, private: isPrivate }));
    for (const zone of [...zones, ...(await route53.zonesNamed(apex))]) {
      if (seen.has(zone.id)) continue;
      const sets = await route53.recordSets(zone.id);
      seen.set(zone.id, { zone, sets, names: own.filter((name) => name.zoneId === zone.id) });
    }
  }
  const troubles = names.flatMap((name) => liveTroubles(name, setsOf(seen.get(name.zoneId)?.sets ?? [], [name])));
  if (troubles.length > 0) throw configTrouble(troubles);
  const looked = [...seen.values()];
  const moving = looked.filter((each) => each.names.length > 0);
  return {
    names,
    zones: new Map(moving.map(({ zone, sets }) => [zone.id, sets])),
    parts: moving.map(({ zone, sets, names }) => ({ zoneId: zone.id, names, zoneNames: countNames(sets) })),
    staying: stayingRecords(looked),
  };
}
