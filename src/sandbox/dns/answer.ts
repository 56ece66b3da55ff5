import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import type { Answer } from "dns-packet";
import { pick } from "./pick.js";
import { toAnswers } from "./rdata.js";
import type { Zone } from "./zones.js";

/** What is asked: a name, with or without its last dot, and a record type. */
export interface DnsQuestion {
  name: string;
  type: string;
}

export interface DnsReply {
  rcode: "NOERROR" | "NXDOMAIN";
  answers: Answer[];
  /** The zone's SOA where there is no answer (RFC 2308). */
  authorities: Answer[];
}

/** A chain of aliases longer than this is a loop. */
const LONGEST_CHAIN = 8;

/** The zone that is authoritative for a name: the one with the longest name that it ends in. */
export function zoneFor(zones: Zone[], name: string): Zone | undefined {
  const wanted = normal(name);
  return zones
    .filter((zone) => wanted === zone.name || wanted.endsWith(`.${zone.name}`))
    .sort((a, b) => b.name.length - a.name.length)[0];
}

/**
 * The authoritative answer to one question, as Route 53 gives it: wildcards (RFC 4592), CNAMEs followed within the zone,
 * aliases within the zone, and of a weighted group one member by its weight.
 * @param random uniform in [0, 1)
 */
export function answer(zone: Zone, question: DnsQuestion, random: () => number): DnsReply {
  const answers: Answer[] = [];
  let owner = question.name;
  for (let links = 0; links < LONGEST_CHAIN; links += 1) {
    const sets = setsAt(zone, normal(owner));
    if (!sets) return { rcode: answers.length > 0 ? "NOERROR" : "NXDOMAIN", answers, authorities: soaOf(zone) };
    const chosen = resolveAlias(zone, choose(sets, question.type, random), random);
    if (chosen) return { rcode: "NOERROR", answers: [...answers, ...toAnswers(chosen, owner)], authorities: [] };
    const cname = choose(sets, "CNAME", random);
    const target = cname?.ResourceRecords?.[0]?.Value;
    if (!cname || !target) return { rcode: "NOERROR", answers, authorities: soaOf(zone) };
    answers.push(...toAnswers(cname, owner));
    // A name of another zone is for the resolver to follow.
    if (!zoneFor([zone], target)) return { rcode: "NOERROR", answers, authorities: [] };
    owner = target;
  }
  return { rcode: "NOERROR", answers, authorities: [] };
}

/** Record names compare without case, with the last dot, and with Route 53's `\052` for `*`. */
function normal(name: string): string {
  const lower = name.toLowerCase().replace(/\\052/g, "*");
  return lower.endsWith(".") ? lower : `${lower}.`;
}

/** All sets at a name, or at the wildcard that covers it; undefined where the name doesn't exist. */
function setsAt(zone: Zone, name: string): ResourceRecordSet[] | undefined {
  const at = (wanted: string) => zone.records.filter((set) => normal(set.Name ?? "") === wanted);
  if (exists(zone, name)) return at(name);
  let encloser = parentOf(name);
  while (encloser !== zone.name && !exists(zone, encloser)) encloser = parentOf(encloser);
  const covered = at(`*.${encloser}`);
  return covered.length > 0 ? covered : undefined;
}

/** A name exists if it has records or if anything stands below it. */
function exists(zone: Zone, name: string): boolean {
  return zone.records.some((set) => {
    const owner = normal(set.Name ?? "");
    return owner === name || owner.endsWith(`.${name}`);
  });
}

function parentOf(name: string): string {
  return name.slice(name.indexOf(".") + 1);
}

function choose(sets: ResourceRecordSet[], type: string, random: () => number): ResourceRecordSet | undefined {
  return pick(
    sets.filter((set) => set.Type === type),
    random,
  );
}

/** An alias answers with its target's values. Targets outside the zone (load balancers) aren't known here: no answer. */
function resolveAlias(
  zone: Zone,
  set: ResourceRecordSet | undefined,
  random: () => number,
  links = 0,
): ResourceRecordSet | undefined {
  const target = set?.AliasTarget?.DNSName;
  if (!set?.Type || !target) return set;
  if (links === LONGEST_CHAIN || !zoneFor([zone], target)) return undefined;
  const found = choose(setsAt(zone, normal(target)) ?? [], set.Type, random);
  return resolveAlias(zone, found, random, links + 1);
}

function soaOf(zone: Zone): Answer[] {
  const soa = zone.records.find((set) => set.Type === "SOA" && normal(set.Name ?? "") === zone.name);
  return soa ? toAnswers(soa, zone.name) : [];
}
