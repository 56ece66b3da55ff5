import type { RecordSet } from "../../../model/traffic.js";
import type { ShiftTerms, Stage } from "../target.js";
import { aliasTtl } from "./answer-ttl.js";
import { groupByName } from "./changes.js";
import { nameKey, setsOf, withRegistry } from "./record-sets.js";
import type { RecordedZone } from "./recorded.js";
import { weightedSets } from "./weights.js";

export function shareStages(zones: readonly RecordedZone[], { attempt, steps, holdMs }: ShiftTerms): Stage[] {
  if (zones.length === 0) return [];
  // Resolvers keep the old answer for its TTL: a check before that says little about the new one.
  const ttl = Math.max(
    0,
    ...zones.flatMap(({ names, answerTtl, before, base = before }) => [
      answerTtl ?? 0,
      ...setsOf(base, names).map((set) => set.TTL ?? aliasTtl),
    ]),
  );
  return steps.map((share, index) => ({
    id: `share/${share}`,
    what: `green gets ${share} % of ${zones.flatMap(({ names }) => names.map(({ name, type }) => `${name} ${type}`)).join(", ")}`,
    holdMs: Math.max(holdMs, ttl * 1000),
    moves: zones.map((zone) => ({
      step: `cutover-${attempt}/${zone.key}/${share}`,
      key: zone.key,
      what: `green's share to ${share} %`,
      from: setsAt(zone, steps[index - 1] ?? 0),
      to: setsAt(zone, share),
    })),
  }));
}

/**
 * All record sets of a batch's names at a share of green's. External-dns's own records about them stay as they are: a set that
 * none of them names is one that no external-dns deletes.
 */
export function setsAt({ names, registry, before, base = before, mark }: RecordedZone, share: number): RecordSet[] {
  const byName = groupByName(base);
  return [
    ...names.flatMap((name) => weightedSets(byName.get(nameKey(name)) ?? [], name.green, share, name.healthCheckId)),
    ...setsOf(base, withRegistry([], registry)),
    ...(mark && share > 0 ? [mark] : []),
  ];
}
