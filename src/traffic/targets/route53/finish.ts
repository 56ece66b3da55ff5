import type { RecordSet } from "../../../model/traffic.js";
import { givenTo } from "../../external-dns/registry.js";
import { groupByName } from "./changes.js";
import { nameKey, type RecordName, setsOf, withRegistry } from "./record-sets.js";
import type { RecordedZone } from "./recorded.js";
import { setsAt } from "./stages.js";

/**
 * The record sets once blue is gone. Green's answer alone, with the TTL that blue's had before anything: simple again where it
 * was simple, weighted among no others where it was weighted. `keep` leaves blue's sets there with weight 0.
 *
 * What an external-dns managed goes to the one that follows it on green: by its owner id in the registry, and under the set
 * identifier that the registry has, since it would else make a second set beside.
 */
export function finishedSets(zone: RecordedZone, records: "simple" | "keep"): RecordSet[] {
  const original = groupByName(zone.before);
  const moved = groupByName(setsAt({ ...zone, mark: undefined }, 100));
  const names = zone.names.flatMap((name) => {
    const before = original.get(nameKey(name)) ?? [];
    const ttl = Math.max(0, ...before.map(({ TTL }) => TTL ?? 0));
    const sets = moved.get(nameKey(name)) ?? [];
    const answering = records === "keep" ? sets : sets.filter(({ Weight }) => Weight !== 0);
    const wasSimple = before.every(({ SetIdentifier }) => SetIdentifier === undefined);
    const answers = answering.map((set) => (set.TTL === undefined || ttl === 0 ? set : { ...set, TTL: ttl }));
    if (records === "keep") return answers;
    return wasSimple
      ? answers.map(simple)
      : answers.flatMap((set) => asRegistered(set, before, registryOf(name, zone)));
  });
  const registry = setsOf(zone.before, withRegistry([], zone.registry));
  return [...names, ...registry.map((set) => givenTo(set, zone.owners ?? {}))];
}

/** What external-dns has written down about a name. */
function registryOf(name: RecordName, { registry = [], before }: RecordedZone): RecordSet[] {
  const its = registry.filter((each) => nameKey(each) === nameKey(name));
  return setsOf(before, withRegistry([], its));
}

/** Green's set in the places of those that an external-dns of blue managed, with their weights; itself where there are none. */
function asRegistered(set: RecordSet, before: readonly RecordSet[], registry: readonly RecordSet[]): RecordSet[] {
  const identifiers = new Set(registry.flatMap(({ SetIdentifier }) => SetIdentifier ?? []));
  const places = before.filter(({ SetIdentifier = "" }) => identifiers.has(SetIdentifier));
  if (!places.some(({ Weight = 0 }) => Weight > 0)) return [set];
  return places.map(({ SetIdentifier, Weight }) => ({ ...set, SetIdentifier, Weight }) as RecordSet);
}

function simple({ SetIdentifier: _, Weight: __, ...set }: RecordSet): RecordSet {
  return set as RecordSet;
}
