import type { Change, Route53Api, Zone } from "../aws/api.js";
import { type KindApi, plainResource } from "../aws/cloud/kind.js";
import { aliasOf, type CloudResource } from "../model/cloud.js";
import type { RecordSet } from "../model/traffic.js";
import type { Answering } from "./judge.js";

/** Who manages a record, by the registries of external-dns that are known. */
export interface Ownership {
  /** The owner id, and the TXT records that say so; undefined where none does, or several ids are named. */
  of(set: RecordSet, zone: readonly RecordSet[]): { owner: string; txt: RecordSet[] } | undefined;
  /** Names of all TXT records that could say so. */
  names(set: RecordSet): string[];
  /** The owner id in a TXT record of a registry; undefined in any other record. */
  in(set: RecordSet): string | undefined;
}

export interface RecordsKind extends KindApi {
  /** Every record of every zone, and where it leads. */
  answering(): Promise<Answering[]>;
}

/** Records that an external-dns made, each with its TXT records: they are deleted in one batch, as they were read. */
export function recordsKind(
  route53: Pick<Route53Api, "recordSets" | "change">,
  zones: () => Promise<Zone[]>,
  ownership: Ownership,
): RecordsKind {
  const readZone = async (zoneId: string, names?: string[]) => {
    const sets = await route53.recordSets(zoneId, names);
    return ownedIn(zoneId, sets, ownership);
  };
  const readOne = async (id: string) => {
    const { zoneId, ...place } = placeOf(id);
    const names = [place.name, ...ownership.names({ Name: place.name, Type: place.type })];
    return (await readZone(zoneId, names)).find((each) => each.resource.id === id);
  };
  return {
    wholeList: true,
    async list() {
      const found: CloudResource[] = [];
      for (const { id } of await zones()) found.push(...(await readZone(id)).map(({ resource }) => resource));
      return found;
    },
    read: async (id) => (await readOne(id))?.resource,
    async remove(id) {
      const found = await readOne(id);
      if (!found) return;
      const changes = found.sets.map((ResourceRecordSet): Change => ({ Action: "DELETE", ResourceRecordSet }));
      await route53.change(placeOf(id).zoneId, changes, "clustershift teardown: left by blue's external-dns");
    },
    async answering() {
      const found: Answering[] = [];
      for (const { id } of await zones()) {
        for (const set of await route53.recordSets(id))
          found.push({ id: idOf(id, set), name: nameOf(set), leadsTo: leadsTo(set), serves: set.Weight !== 0 });
      }
      return found;
    },
  };
}

interface Owned {
  resource: CloudResource;
  /** The record, and what says that it's owned. */
  sets: RecordSet[];
}

function ownedIn(zoneId: string, sets: readonly RecordSet[], ownership: Ownership): Owned[] {
  const registry = sets.filter((set) => set.Type === "TXT" && ownership.in(set) !== undefined);
  if (registry.length === 0) return [];
  const taken = new Set<RecordSet>();
  const owned = sets.flatMap((set): Owned[] => {
    const its = registry.includes(set) ? undefined : ownership.of(set, registry);
    if (!its) return [];
    for (const each of its.txt) taken.add(each);
    return [{ resource: resourceOf(zoneId, set, its.owner), sets: [set, ...its.txt] }];
  });
  // A registry's entry whose record is gone is one by itself.
  const alone = registry.filter((set) => !taken.has(set));
  return [...owned, ...alone.map((set) => ({ resource: resourceOf(zoneId, set, ownership.in(set)), sets: [set] }))];
}

function resourceOf(zoneId: string, set: RecordSet, owner: string | undefined): CloudResource {
  return {
    ...plainResource("record", idOf(zoneId, set), {}),
    name: nameOf(set),
    leadsTo: leadsTo(set),
    ...(owner !== undefined && { owner }),
  };
}

/** `app.acme.example. A`: as protections name it, too. */
const nameOf = ({ Name, Type }: RecordSet): string => `${aliasOf(Name)}. ${Type}`;

function leadsTo({ AliasTarget, ResourceRecords = [], Type }: RecordSet): string[] {
  if (AliasTarget) return [aliasOf(AliasTarget.DNSName)];
  return ["A", "AAAA", "CNAME"].includes(Type) ? ResourceRecords.map(({ Value }) => aliasOf(Value)) : [];
}

/** `Z1/app.acme.example./A`, and the set's identifier where it has one. */
function idOf(zoneId: string, { Name, Type, SetIdentifier }: RecordSet): string {
  const name = Name.toLowerCase().replaceAll("\\052", "*");
  return [zoneId, name, Type, ...(SetIdentifier === undefined ? [] : [encodeURIComponent(SetIdentifier)])].join("/");
}

function placeOf(id: string): { zoneId: string; name: string; type: string } {
  const [zoneId = "", name = "", type = ""] = id.split("/");
  return { zoneId, name, type };
}
