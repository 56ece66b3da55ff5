import type { RecordSet } from "../../../model/traffic.js";
import { canonicalName } from "./record-sets.js";

/** Seconds: what Route 53 answers with for an alias of a load balancer, whose set has no TTL of its own. */
export const aliasTtl = 60;

/**
 * Seconds for which resolvers keep a set's answer. An alias of another record of its own zone is answered with that record's TTL,
 * and one of anything else with that of AWS's own records.
 *
 * @param zone all sets of the zone
 */
export function answerTtl(set: RecordSet, zoneId: string, zone: readonly RecordSet[]): number {
  return ttlThrough(set, zoneId, zone, new Set());
}

function ttlThrough(set: RecordSet, zoneId: string, zone: readonly RecordSet[], passed: Set<string>): number {
  if (set.TTL !== undefined) return set.TTL;
  const aliased = set.AliasTarget;
  if (aliased?.HostedZoneId !== zoneId) return aliasTtl;
  const name = canonicalName(aliased.DNSName);
  // Route 53 refuses a circle, but what was read may be older than what is written meanwhile.
  if (passed.has(name)) return aliasTtl;
  passed.add(name);
  const sets = zone.filter((each) => each.Type === set.Type && canonicalName(each.Name) === name);
  const ttls = sets.map((each) => ttlThrough(each, zoneId, zone, passed));
  return ttls.length === 0 ? aliasTtl : Math.max(...ttls);
}
