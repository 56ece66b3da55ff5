import type { DnsWriter, DnsWriters, ExternalDns, OwnedName } from "../../model/external-dns.js";
import type { RecordSet } from "../../model/traffic.js";
import type { RecordName } from "../targets/route53/record-sets.js";
import { registered } from "./registry.js";

/** A name that moves, and all that is known of its zone. */
export interface MovingName extends RecordName {
  zoneId: string;
  isPrivate: boolean;
}

/** Those of each cluster. */
export type Instances = Record<DnsWriter["cluster"], readonly ExternalDns[]>;

/**
 * Who else writes the names that move. What an instance isn't seen to leave alone counts as its own.
 *
 * @param zones record sets of each zone, by its id
 */
export function writersOf(
  names: readonly MovingName[],
  zones: ReadonlyMap<string, readonly RecordSet[]>,
  instances: Instances,
): DnsWriters {
  const affixes = [...instances.blue, ...instances.green];
  const owned = new Map(names.map((name) => [name, registered(name, zones.get(name.zoneId) ?? [], affixes).owned]));
  const writers = (["blue", "green"] as const).flatMap((cluster) =>
    instances[cluster].flatMap((instance): DnsWriter[] => {
      const its = names.filter((name) => writes(instance, name, owned.get(name) ?? []));
      if (its.length === 0) return [];
      const { object, runs, policy, owner } = instance;
      return [
        {
          ...{ cluster, object, runs, policy },
          ...(owner !== undefined && { owner }),
          names: its.map(({ name, type }) => `${name} ${type}`),
          why: reasonOf(instance),
        },
      ];
    }),
  );
  return { owned: [...owned.values()].flat(), writers };
}

/** Whether its next look may end with another record than the one that we wrote. */
function writes(instance: ExternalDns, name: MovingName, owned: readonly OwnedName[]): boolean {
  // What may only create is refused by Route 53 where there is a record.
  if (instance.dryRun || instance.policy === "create-only") return false;
  if (instance.provider !== undefined && instance.provider !== "aws") return false;
  if (!reaches(instance, name)) return false;
  if (!tells(instance)) return true;
  return owned.some(({ owner }) => instance.owner === undefined || owner === instance.owner);
}

/** Whether the zone's own TXT records say what is its. */
function tells({ registry, encrypted, unread }: ExternalDns): boolean {
  const naming = ["txt-prefix", "txt-suffix", "txt-wildcard-replacement", "registry"];
  return registry === "txt" && !encrypted && !naming.some((flag) => unread.includes(flag));
}

function reasonOf(instance: ExternalDns): string {
  if (instance.registry === "noop") return "keeps no registry, and so takes every name for its own";
  if (!tells(instance)) return "keeps its registry where it isn't read here, and so may own them";
  return instance.owner === undefined
    ? "has an owner id that isn't written in its object, and so may own them"
    : `owns them by its id "${instance.owner}"`;
}

/** By zone, type and domain, as its filters have it; what can't be read as a filter keeps nothing out. */
function reaches({ zoneIds, zoneType, recordTypes, domains }: ExternalDns, name: MovingName): boolean {
  if (zoneIds.length > 0 && !zoneIds.some((id) => id.replace(/^\/hostedzone\//, "") === name.zoneId)) return false;
  if (zoneType !== "" && (zoneType === "private") !== name.isPrivate) return false;
  if (!recordTypes.includes(name.type)) return false;
  const domain = name.name.replace(/\.$/, "");
  const { include, exclude, matching, notMatching } = domains;
  if (matching !== undefined || notMatching !== undefined) {
    if (notMatching !== undefined && matches(notMatching, domain, false)) return false;
    return matching === undefined || matches(matching, domain, true);
  }
  return (
    (include.length === 0 || include.some((each) => isIn(domain, each))) && !exclude.some((each) => isIn(domain, each))
  );
}

/** `acme.example` is the domain with all below it, `.acme.example` only what is below it. */
function isIn(domain: string, filter: string): boolean {
  const wanted = filter.trim().toLowerCase().replace(/\.$/, "");
  if (wanted === "") return false;
  return wanted.startsWith(".") ? domain.endsWith(wanted) : domain === wanted || domain.endsWith(`.${wanted}`);
}

/** Go's expressions are ours but for rarities. */
function matches(expression: string, domain: string, otherwise: boolean): boolean {
  try {
    return new RegExp(expression, "u").test(domain);
  } catch {
    return otherwise;
  }
}
