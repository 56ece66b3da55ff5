import type { RecordSet } from "../../../model/traffic.js";
import { groupByName } from "./changes.js";
import { nameKey } from "./record-sets.js";
import type { RecordedZone } from "./recorded.js";
import { setsAt } from "./stages.js";

/**
 * The record sets once blue is gone. Green's answer alone, with the TTL that blue's had before anything: simple again where it
 * was simple, weighted among no others where it was weighted. `keep` leaves blue's sets there with weight 0.
 */
export function finishedSets(zone: RecordedZone, records: "simple" | "keep"): RecordSet[] {
  const original = groupByName(zone.before);
  const moved = groupByName(setsAt(zone, 100));
  return zone.names.flatMap((name) => {
    const before = original.get(nameKey(name)) ?? [];
    const ttl = Math.max(0, ...before.map(({ TTL }) => TTL ?? 0));
    const sets = moved.get(nameKey(name)) ?? [];
    const answering = records === "keep" ? sets : sets.filter(({ Weight }) => Weight !== 0);
    const wasSimple = before.every(({ SetIdentifier }) => SetIdentifier === undefined);
    return answering
      .map((set) => (set.TTL === undefined || ttl === 0 ? set : { ...set, TTL: ttl }))
      .map((set) => (wasSimple && records === "simple" ? simple(set) : set));
  });
}

function simple({ SetIdentifier: _, Weight: __, ...set }: RecordSet): RecordSet {
  return set as RecordSet;
}
