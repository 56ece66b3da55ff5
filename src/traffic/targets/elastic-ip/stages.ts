import type { ShiftTerms, Stage } from "../target.js";
import { describeAssociation } from "./address.js";
import type { RecordedAddress } from "./recorded.js";

export function placeStages(addresses: readonly RecordedAddress[], { attempt }: ShiftTerms): Stage[] {
  const byPlace = new Map<string, RecordedAddress[]>();
  for (const address of addresses) {
    const place = `${address.group}/${address.zone}`;
    byPlace.set(place, [...(byPlace.get(place) ?? []), address]);
  }
  return [...byPlace]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([place, group]) => ({
      id: `elastic-ip/${place}`,
      what: `green's instances get the Elastic IPs of ${place.replace("/", " in ")}: ${group.map(describePair).join(", ")}`,
      // An address moves at once: there is no TTL to wait out.
      holdMs: 0,
      moves: group.map(({ key, publicIp, before, after }) => ({
        step: `cutover-${attempt}/${key}`,
        key,
        what: `${publicIp} to green: ${describeAssociation(after)}`,
        from: before,
        to: after,
      })),
    }));
}

/** `192.0.2.1 (i-1 -> i-2)` */
function describePair({ publicIp, before, after, greenZone }: RecordedAddress): string {
  const from = before.instanceId ?? before.networkInterfaceId ?? "nobody";
  return `${publicIp} (${from} -> ${after.instanceId ?? "?"}${greenZone ? ` in ${greenZone}` : ""})`;
}
