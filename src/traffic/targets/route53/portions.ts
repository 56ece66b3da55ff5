import type { Answer, Portion, RecordSet } from "../../../model/traffic.js";
import { groupByName } from "./changes.js";
import { canonicalName, nameKey, type RecordName } from "./record-sets.js";
import type { RecordedZone } from "./recorded.js";

/** What blue and green answer for one name. */
export interface NameColours extends RecordName {
  blue: Answer[];
  green: Answer[];
}

/** The names of a zone, and by which answers each colour is known there. */
export function nameColours({ names, before }: Pick<RecordedZone, "names" | "before">): NameColours[] {
  const original = groupByName(before);
  return names.map(({ name, type, green }) => ({
    name,
    type,
    blue: (original.get(nameKey({ name, type })) ?? []).map(answerOf),
    green: "length" in green && green.length === 0 ? [] : [green],
  }));
}

/** How the live record sets of a zone's names divide their answers. */
export function zonePortions(zone: Pick<RecordedZone, "names" | "before">, live: readonly RecordSet[]): Portion[] {
  const byName = groupByName(live);
  return nameColours(zone).map(({ name, type, blue, green }) => {
    const portion = { what: `${canonicalName(name)} ${type}`, blue: 0, green: 0, other: 0 };
    for (const set of byName.get(nameKey({ name, type })) ?? []) {
      const answer = answerOf(set);
      const is = (answers: readonly Answer[]) => answers.some((each) => sameAnswer(each, answer));
      // A simple set has no weight, and is all there is.
      portion[is(green) ? "green" : is(blue) ? "blue" : "other"] += set.Weight ?? 1;
    }
    return portion;
  });
}

function answerOf({ AliasTarget, ResourceRecords = [] }: RecordSet): Answer {
  return AliasTarget ?? ResourceRecords.map(({ Value }) => Value);
}

function sameAnswer(a: Answer, b: Answer): boolean {
  if ("length" in a && "length" in b) return [...a].sort().join("\n") === [...b].sort().join("\n");
  if ("length" in a || "length" in b) return false;
  return canonicalName(a.DNSName) === canonicalName(b.DNSName);
}
