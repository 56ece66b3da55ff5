import { UserError } from "../../../model/errors.js";
import type { RecordSet } from "../../../model/traffic.js";
import { isMark } from "./mark.js";
import { nameKey, nameOf, type RecordName } from "./record-sets.js";

/** How much of a zone may change in one run: a zone with fewer than `from` names has no limit. */
export interface AgreedShare {
  percent: number;
  from: number;
}

/** Names of a zone that move, a batch or all of them, and how many the zone has. */
export interface ZonePart {
  zoneId: string;
  names: readonly RecordName[];
  /** Not known where an older version recorded it. */
  zoneNames?: number | undefined;
}

/** How many names a zone has. All sets of a name and type are one; the SOA, which is nobody's to write, is none, nor is a mark. */
export function countNames(sets: readonly RecordSet[]): number {
  return new Set(sets.filter((set) => set.Type !== "SOA" && !isMark(set)).map((set) => nameKey(nameOf(set)))).size;
}

/** One line for each zone: how many of its names move. */
export function describeShares(parts: readonly ZonePart[]): string[] {
  return zonesOf(parts).map((zone) => `zone ${zone.zoneId}: ${shareOf(zone)}`);
}

/**
 * Refuses to move more of a zone than was agreed, before anything is written: a list that was generated, or taken from another zone,
 * would else take along what nobody thought of. octoDNS asks the same of its plans.
 *
 * @throws UserError `zone-share`, naming every zone and record
 */
export function requireShare(parts: readonly ZonePart[], agreed: AgreedShare | undefined): void {
  if (!agreed) return;
  const over = zonesOver(parts, agreed);
  if (over.length === 0) return;
  throw new UserError({
    code: "zone-share",
    what: over
      .map(
        (zone) =>
          `zone ${zone.zoneId}: ${shareOf(zone)}, and at most ${agreed.percent} % may (traffic.zoneShare): ${zone.names.map(({ name, type }) => `${name} ${type}`).join(", ")}`,
      )
      .join("\n"),
    fix: `See that each of these records shall move. If so, set traffic.zoneShare.percent to ${percentOf(over)} in clustershift.yaml, then plan and approve again. Nothing was changed.`,
  });
}

/** The percent that would have to be agreed; undefined where what is agreed will do. */
export function percentNeeded(parts: readonly ZonePart[], agreed: AgreedShare): number | undefined {
  const over = zonesOver(parts, agreed);
  return over.length === 0 ? undefined : percentOf(over);
}

function zonesOver(parts: readonly ZonePart[], { percent, from }: AgreedShare): Zone[] {
  return zonesOf(parts).filter(({ names, zoneNames }) => zoneNames >= from && names.length * 100 > percent * zoneNames);
}

function percentOf(zones: readonly Zone[]): number {
  return Math.max(...zones.map(({ names, zoneNames }) => Math.ceil((names.length * 100) / zoneNames)));
}

interface Zone extends ZonePart {
  zoneNames: number;
}

/** The batches of a zone are one; a name counts once. */
function zonesOf(parts: readonly ZonePart[]): Zone[] {
  const zones = new Map<string, Zone>();
  for (const { zoneId, names, zoneNames } of parts) {
    if (zoneNames === undefined) continue;
    const all = [...(zones.get(zoneId)?.names ?? []), ...names];
    const byKey = new Map(all.map((name) => [nameKey(name), name]));
    zones.set(zoneId, { zoneId, names: [...byKey.values()], zoneNames });
  }
  return [...zones.values()];
}

function shareOf({ names, zoneNames }: Zone): string {
  return `${names.length} of its ${zoneNames} names move (${Math.round((names.length * 1000) / zoneNames) / 10} %)`;
}
