import { sha256 } from "../../../model/canonical.js";
import type { RecordSet } from "../../../model/traffic.js";
import type { Marking } from "../../marks/marking.js";
import { canonicalName, comparable, nameKey, nameOf, type RecordName } from "./record-sets.js";

/*
 * While a shift is under way blue's answers stay in the zone, with other weights. What can't be seen there any more (that a record was
 * simple, its weight, its TTL before it was prepared) is in a TXT record beside the first of a batch's names, written and removed in
 * the same transaction: a line for each set as it was, with a sum over all of it.
 *
 *   "clustershift=1 run=20261128T220000Z"
 *   "app.acme.example. A - - 300 9f2c4be1a0d37c55"
 *   "partner.acme.example. A =pool-0 100 300 77aa01bc9e24f310"
 */

const label = "_clustershift-";
const ttl = 60;
/** Bytes of one character string of a TXT record. */
const longest = 255;

export function isMark({ Name, Type }: Pick<RecordSet, "Name" | "Type">): boolean {
  return Type === "TXT" && Name.startsWith(label);
}

/** Whether a mark is of a shift away from this blue. */
export function isMarkOf(set: RecordSet, { owner }: Pick<Marking, "owner">): boolean {
  return isMark(set) && set.Name.startsWith(`${label}${owner}.`);
}

/**
 * Below the batch's first name, where Route 53 lists it in the same page. A wildcard's is beside it.
 *
 * @param apex of the zone: where a name is so long that nothing fits before it
 */
export function markOf(
  names: readonly RecordName[],
  before: readonly RecordSet[],
  apex: string,
  marking: Marking,
): RecordSet {
  const first = canonicalName(names[0]?.name ?? apex).replace(/^\*\./, "");
  const name = `${label}${marking.owner}.${first}`;
  const lines = [`clustershift=1 run=${marking.run}`, ...before.map(lineOf)];
  return {
    Name: name.length <= longest ? name : `${label}${marking.owner}.${apex}`,
    Type: "TXT",
    TTL: ttl,
    ResourceRecords: lines.map((line) => ({ Value: quoted(line) })),
  };
}

/** What matches the name of every mark of a shift away from this blue. */
export function markPattern({ owner }: Pick<Marking, "owner">): string {
  return `${label}${owner}.*`;
}

/** Characters that a set costs in its mark. */
export function markLength(set: RecordSet): number {
  return quoted(lineOf(set)).length;
}

export function describeMark(set: RecordSet): string {
  return `${set.Name} TXT TTL ${set.TTL} -> how ${(set.ResourceRecords?.length ?? 1) - 1} record set(s) were before run ${readMark(set)?.run ?? "?"}`;
}

/** One set as it was before, but for its answer. */
export interface MarkedSet extends RecordName {
  identifier?: string;
  weight?: number;
  ttl?: number;
  sum: string;
}

/** Undefined where it is none, or one that this version doesn't know. */
export function readMark(set: RecordSet): { run: string; sets: MarkedSet[] } | undefined {
  const lines = (set.ResourceRecords ?? []).map(({ Value }) => unquoted(Value));
  const head = lines.find((line) => line.startsWith("clustershift="));
  const [, run] = /^clustershift=1 run=(\S+)$/.exec(head ?? "") ?? [];
  if (run === undefined) return undefined;
  const sets = lines.filter((line) => line !== head).map(readLine);
  return sets.every((each) => each !== undefined) ? { run, sets } : undefined;
}

/** A set as it was, from what it is now; undefined where that doesn't lead to it: somebody else changed it. */
export function restored(marked: MarkedSet, live: readonly RecordSet[]): RecordSet | undefined {
  const { identifier, weight, ttl: TTL, sum } = marked;
  const own = live.filter((set) => nameKey(nameOf(set)) === nameKey(marked));
  const found = own.find(({ SetIdentifier }) => SetIdentifier === (identifier ?? "clustershift-blue"));
  const candidates = [...(found ? [found] : []), ...own];
  return candidates
    .map(({ SetIdentifier: _, Weight: __, TTL: ___, ...rest }) => ({
      ...rest,
      ...(identifier !== undefined && { SetIdentifier: identifier }),
      ...(weight !== undefined && { Weight: weight }),
      ...(TTL !== undefined && { TTL }),
    }))
    .map((set) => set as RecordSet)
    .find((set) => sumOf(set) === sum);
}

function lineOf(set: RecordSet): string {
  const { name, type } = nameOf(set);
  const identifier = set.SetIdentifier === undefined ? "-" : `=${encodeURIComponent(set.SetIdentifier)}`;
  return [
    encodeURIComponent(canonicalName(name)),
    type,
    identifier,
    set.Weight ?? "-",
    set.TTL ?? "-",
    sumOf(set),
  ].join(" ");
}

function readLine(line: string): MarkedSet | undefined {
  const [, name = "", type = "", identifier = "", weight = "", seconds = "", sum = ""] =
    /^(\S+) ([A-Z]+) (-|=\S*) (-|\d+) (-|\d+) ([0-9a-f]{16})$/.exec(line) ?? [];
  if (sum === "") return undefined;
  return {
    name: decodeURIComponent(name),
    type,
    ...(identifier !== "-" && { identifier: decodeURIComponent(identifier.slice(1)) }),
    ...(weight !== "-" && { weight: Number(weight) }),
    ...(seconds !== "-" && { ttl: Number(seconds) }),
    sum,
  };
}

function sumOf(set: RecordSet): string {
  return sha256(comparable(set)).slice(0, 16);
}

/** What goes into a TXT record's value: strings of 255 characters at most. Nothing in it needs to be escaped. */
function quoted(line: string): string {
  const strings = line.match(new RegExp(`.{1,${longest}}`, "g")) ?? [];
  return strings.map((each) => `"${each}"`).join(" ");
}

function unquoted(value: string): string {
  return [...value.matchAll(/"([^"]*)"/g)].map(([, each]) => each).join("");
}
