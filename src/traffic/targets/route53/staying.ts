import type { Zone } from "../../../aws/api.js";
import type { RecordSet, StayingRecord } from "../../../model/traffic.js";
import { canonicalName, nameKey, nameOf, type RecordName } from "./record-sets.js";

/** Types in which a client may ask for an address, or be told one. */
const addressTypes = ["A", "AAAA", "CNAME", "HTTPS", "SVCB"];

/** A zone with all its sets, and those of its names that move. */
export interface LookedAt {
  zone: Pick<Zone, "id" | "name" | "private">;
  sets: readonly RecordSet[];
  names: readonly RecordName[];
}

/**
 * Records that go on answering with blue's beside those that move: another type of the same name, and the same name in the
 * public or private zone of the same domain. Whoever asks for these never sees green.
 */
export function stayingRecords(zones: readonly LookedAt[]): StayingRecord[] {
  const found: StayingRecord[] = [];
  for (const { zone, sets, names } of zones) {
    const moving = new Set(names.map(nameKey));
    const seen = new Set<string>();
    for (const set of sets) {
      const key = nameKey(nameOf(set));
      if (!addressTypes.includes(set.Type) || moving.has(key) || seen.has(key)) continue;
      seen.add(key);
      const name = canonicalName(set.Name);
      const place = { zoneId: zone.id, name, type: set.Type };
      const types = names.filter((each) => canonicalName(each.name) === name).map(({ type }) => type);
      if (types.length > 0) {
        found.push({ ...place, beside: "type", of: types.join(", ") });
        continue;
      }
      const other = zones.find(
        (each) =>
          each.zone.id !== zone.id &&
          each.zone.name === zone.name &&
          each.names.some((moved) => canonicalName(moved.name) === name),
      );
      if (other)
        found.push({
          ...place,
          beside: "zone",
          of: `${other.zone.private ? "private" : "public"} zone ${other.zone.id}`,
        });
    }
  }
  return found;
}
