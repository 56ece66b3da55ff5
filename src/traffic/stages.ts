import type { StepId } from "../model/journal.js";
import type { RecordSet } from "../model/traffic.js";
import { groupByName } from "./changes.js";
import { describeAssociation } from "./elastic-ip.js";
import type { RecordedAddress, RecordedZone, StartedShift } from "./history.js";
import { nameKey } from "./record-sets.js";
import { weightedSets } from "./weights.js";

/** One effect on one target. */
export interface Move {
  step: StepId;
  /** The target's. */
  key: string;
  what: string;
  from: unknown;
  to: unknown;
}

/** Moves that are done together, then held and checked before the next stage may start. */
export interface Stage {
  /** `route53/25`, `elastic-ip/syslog/eu-central-1a` */
  id: string;
  /** For people, and for plans. */
  what: string;
  moves: Move[];
  /** Milliseconds between the last move and the check. */
  holdMs: number;
}

/** The whole shift, from what was recorded before it: the dry run prints this list, and the run works through it. */
export function stagesOf(shift: StartedShift): Stage[] {
  const zones = shift.targets.filter((target) => target.kind === "route53");
  const addresses = shift.targets.filter((target) => target.kind === "elastic-ip");
  return [...weightStages(shift, zones), ...addressStages(shift, addresses)];
}

function weightStages({ attempt, steps, holdMs }: StartedShift, zones: RecordedZone[]): Stage[] {
  if (zones.length === 0) return [];
  // Resolvers keep the old answer for its TTL: a check before that says little about the new one.
  const ttl = Math.max(0, ...zones.flatMap(({ before }) => before.map((set) => set.TTL ?? 60)));
  return steps.map((share, index) => ({
    id: `route53/${share}`,
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

/** All record sets of a batch's names at a share of green's. */
export function setsAt({ names, before }: RecordedZone, share: number): RecordSet[] {
  const byName = groupByName(before);
  return names.flatMap((name) => weightedSets(byName.get(nameKey(name)) ?? [], name.green, share));
}

function addressStages({ attempt }: StartedShift, addresses: RecordedAddress[]): Stage[] {
  const byPlace = new Map<string, RecordedAddress[]>();
  for (const address of addresses) {
    const place = `${address.group}/${address.zone}`;
    byPlace.set(place, [...(byPlace.get(place) ?? []), address]);
  }
  return [...byPlace]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([place, group]) => ({
      id: `elastic-ip/${place}`,
      what: `green's instances get the Elastic IPs of ${place.replace("/", " in ")}: ${group.map(({ publicIp }) => publicIp).join(", ")}`,
      // An address moves at once: there is no TTL to wait out.
      holdMs: 0,
      moves: group.map(({ key, publicIp, before, after }) => ({
        step: `cutover-${attempt}/${key}`,
        key,
        what: `${publicIp} to green: ${describeAssociation(after)}`,
        from: before,
        to: after,
      })),
    }));
}
