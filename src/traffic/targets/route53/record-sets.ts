import { canonicalJson } from "../../../model/canonical.js";
import type { RecordSet } from "../../../model/traffic.js";

/** One name and type of a zone. */
export interface RecordName {
  /** Fully qualified, with the final dot. */
  name: string;
  type: string;
}

/** A name as it is compared: lower case, with the final dot, and `*` where Route 53 writes `\052`. */
export function canonicalName(name: string): string {
  const lower = name.toLowerCase().replaceAll("\\052", "*");
  return lower.endsWith(".") ? lower : `${lower}.`;
}

export function nameKey({ name, type }: RecordName): string {
  return `${canonicalName(name)} ${type}`;
}

export function nameOf(set: RecordSet): RecordName {
  return { name: set.Name, type: set.Type };
}

/** What Route 53 tells record sets apart by: name, type and set identifier. */
export function identityOf(set: RecordSet): string {
  return JSON.stringify([nameKey(nameOf(set)), set.SetIdentifier ?? null]);
}

/** The record sets of these names alone, in the order in which they came. */
export function setsOf(sets: readonly RecordSet[], names: readonly RecordName[]): RecordSet[] {
  const wanted = new Set(names.map(nameKey));
  return sets.filter((set) => wanted.has(nameKey(nameOf(set))));
}

/** The names of a batch, and the TXT records of external-dns that are recorded, compared and given back with them. */
export function withRegistry(names: readonly RecordName[], registry: readonly { txt: string }[] = []): RecordName[] {
  return [...names, ...[...new Set(registry.map(({ txt }) => txt))].map((name) => ({ name, type: "TXT" }))];
}

/** Equal but for the order of the values, which has no meaning. */
export function sameSet(a: RecordSet, b: RecordSet): boolean {
  return comparable(a) === comparable(b);
}

/** Equal but for the order of the sets and of their values. */
export function sameSets(a: readonly RecordSet[], b: readonly RecordSet[]): boolean {
  const sorted = (sets: readonly RecordSet[]) => sets.map(comparable).sort().join("\n");
  return a.length === b.length && sorted(a) === sorted(b);
}

/** A set as text: equal for equal sets. */
export function comparable(set: RecordSet): string {
  const values = set.ResourceRecords?.map(({ Value }) => Value).sort();
  const alias = set.AliasTarget && { ...set.AliasTarget, DNSName: canonicalName(set.AliasTarget.DNSName) };
  return canonicalJson({
    ...set,
    Name: canonicalName(set.Name),
    ...(values && { ResourceRecords: values }),
    ...(alias && { AliasTarget: alias }),
  });
}

/** One line for people: `app.acme.example. A 95 clustershift-blue -> 192.0.2.1`. */
export function describeSet(set: RecordSet): string {
  const answer = set.AliasTarget
    ? `alias of ${set.AliasTarget.DNSName}`
    : (set.ResourceRecords ?? []).map(({ Value }) => Value).join(", ");
  const weight = set.Weight === undefined ? "" : ` weight ${set.Weight} (${set.SetIdentifier ?? "?"})`;
  const ttl = set.TTL === undefined ? "" : ` TTL ${set.TTL}`;
  const health = set.HealthCheckId === undefined ? "" : ` if healthy by ${set.HealthCheckId}`;
  return `${canonicalName(set.Name)} ${set.Type}${weight}${ttl} -> ${answer || "nothing"}${health}`;
}
