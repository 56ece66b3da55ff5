import type { OwnedName, TxtAffix } from "../../model/external-dns.js";
import type { RecordSet } from "../../model/traffic.js";
import { canonicalName, type RecordName } from "../targets/route53/record-sets.js";

const plain: TxtAffix = { prefix: "", suffix: "", wildcard: "" };
const typePlace = "%{record_type}";

/**
 * Names of the TXT records in which an external-dns of any version says that it manages a name: with the type before the first
 * label or in prefix or suffix, `cname-` for an alias too, and without any type up to 0.17.
 */
export function registryNames({ name, type }: RecordName, affix: TxtAffix = plain): string[] {
  // Only A's may be an alias that was registered as a CNAME, and only AAAA's never were without a type.
  const types = { A: ["a", "cname", ""], AAAA: ["aaaa"], CNAME: ["cname", ""] }[type] ?? [type.toLowerCase(), ""];
  const [first = "", ...rest] = canonicalName(name).split(".");
  const label = first === "*" && affix.wildcard ? affix.wildcard.toLowerCase() : first;
  const [prefix, suffix] = [affix.prefix.toLowerCase(), affix.suffix.toLowerCase()];
  const isPlaced = `${prefix}${suffix}`.includes(typePlace);
  const named = (place: string, before: string) =>
    [`${prefix}${before}${label}${suffix}`.replaceAll(typePlace, place), ...rest].join(".");
  const names = types.flatMap((each) => [
    ...(isPlaced && each !== "" ? [named(each, "")] : []),
    named("", each === "" ? "" : `${each}-`),
  ]);
  return [...new Set(names)];
}

export interface Registered {
  /** The TXT records of the registry, each once. */
  sets: RecordSet[];
  owned: OwnedName[];
}

/** What a zone's own TXT records say of who manages a name. */
export function registered(
  name: RecordName,
  zone: readonly RecordSet[],
  affixes: readonly TxtAffix[] = [],
): Registered {
  const wanted = new Set([plain, ...affixes].flatMap((affix) => registryNames(name, affix)));
  const found: Registered = { sets: [], owned: [] };
  for (const set of zone) {
    if (set.Type !== "TXT" || !wanted.has(canonicalName(set.Name))) continue;
    const labels = labelsOf(set);
    if (!labels) continue;
    found.sets.push(set);
    const { owner = "", resource } = labels;
    found.owned.push({
      ...{ name: canonicalName(name.name), type: name.type, owner, txt: canonicalName(set.Name) },
      ...(set.SetIdentifier !== undefined && { setIdentifier: set.SetIdentifier }),
      ...(resource !== undefined && { resource }),
    });
  }
  return found;
}

/** The same record in another owner's hands; any other record as it is. */
export function givenTo(set: RecordSet, owners: Readonly<Record<string, string>>): RecordSet {
  const from = labelsOf(set)?.owner;
  const to = from === undefined ? undefined : owners[from];
  if (to === undefined) return set;
  const values = set.ResourceRecords ?? [];
  const given = values.map(({ Value }) => ({ Value: Value.replace(ownerOf, `$1${to.replaceAll("$", "$$$$")}`) }));
  return { ...set, ResourceRecords: given };
}

/** The owner id in a record of a registry; undefined where it's none. */
export function ownerIn(set: RecordSet): string | undefined {
  return set.Type === "TXT" ? labelsOf(set)?.owner : undefined;
}

const ownerOf = /(\bexternal-dns\/owner=)[^,"]*/;

/** `"heritage=external-dns,external-dns/owner=default,external-dns/resource=ingress/shop/web"` */
function labelsOf({ ResourceRecords = [] }: RecordSet): Record<string, string> | undefined {
  const [value] = ResourceRecords;
  const pairs = (value?.Value ?? "").replace(/^"|"$/g, "").split(",");
  if (!pairs.includes("heritage=external-dns")) return undefined;
  return Object.fromEntries(
    pairs
      .filter((pair) => pair.startsWith("external-dns/") && pair.includes("="))
      .map((pair) => [pair.slice("external-dns/".length, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
}
