import { isIPv4, isIPv6 } from "node:net";
import type { AwsApi } from "../../../aws/api.js";
import type { DnsTarget, RecordSet } from "../../../model/traffic.js";
import { registered } from "../../external-dns/registry.js";
import type { Marking } from "../../marks/marking.js";
import { originalOf, type Preparation } from "../../preparation/history.js";
import { configTrouble } from "../trouble.js";
import { answerTtl } from "./answer-ttl.js";
import { batchesOf } from "./batches.js";
import { isMarkOf, markOf } from "./mark.js";
import { canonicalName, type RecordName, sameSets, setsOf, withRegistry } from "./record-sets.js";
import type { RecordedZone } from "./recorded.js";
import { countNames } from "./zone-share.js";

export async function recordZones(
  targets: readonly DnsTarget[],
  { route53 }: Pick<AwsApi, "route53">,
  prepared?: Preparation,
  marking?: Marking,
): Promise<RecordedZone[]> {
  const recorded: RecordedZone[] = [];
  for (const zoneId of new Set(targets.map((target) => target.zoneId))) {
    const sets = await route53.recordSets(zoneId);
    const names = targets.filter((target) => target.zoneId === zoneId);
    const troubles = names.flatMap((target) => troublesOf(target, setsOf(sets, [target])));
    troubles.push(...staleMarks(zoneId, sets, marking));
    if (troubles.length > 0) throw configTrouble(troubles);
    const batches = batchesOf(registriesOf(names, sets), sets, marking !== undefined);
    recorded.push(...batches.map((batch, index) => recordedZone(zoneId, batch, sets, index, prepared, marking)));
  }
  return recorded;
}

type RegisteredTarget = DnsTarget & { txts: RecordName[] };

/** Each name with the TXT records of external-dns that are about it; one that is about two names goes with the first. */
function registriesOf(targets: readonly DnsTarget[], zone: readonly RecordSet[]): RegisteredTarget[] {
  const taken = new Set<string>();
  return targets.map((target) => {
    const names = registered(target, zone, target.registry?.affixes).sets.map(({ Name }) => canonicalName(Name));
    const txts = [...new Set(names)].filter((name) => !taken.has(name));
    for (const name of txts) taken.add(name);
    return { ...target, txts: txts.map((name) => ({ name, type: "TXT" })) };
  });
}

function recordedZone(
  zoneId: string,
  batch: RegisteredTarget[],
  sets: readonly RecordSet[],
  index: number,
  prepared: Preparation | undefined,
  marking: Marking | undefined,
): RecordedZone {
  const registry = batch.flatMap(({ name, type, txts }) => txts.map((txt) => ({ txt: txt.name, name, type })));
  const owners = Object.assign({}, ...batch.map((target) => target.registry?.owners)) as Record<string, string>;
  const live = setsOf(sets, withRegistry(batch, registry));
  const before = withRegistry(batch, registry).flatMap((name) =>
    originalOf(setsOf(live, [name]), zoneId, name, prepared),
  );
  const apex = sets.find(({ Type }) => Type === "SOA")?.Name ?? "";
  return {
    kind: "route53",
    key: index === 0 ? `route53:${zoneId}` : `route53:${zoneId}#${index + 1}`,
    zoneId,
    names: batch.map(({ name, type, green, healthCheckId }) => ({
      name,
      type,
      green,
      ...(healthCheckId !== undefined && { healthCheckId }),
    })),
    zoneNames: countNames(sets),
    answerTtl: Math.max(0, ...setsOf(live, batch).map((set) => answerTtl(set, zoneId, sets))),
    ...(registry.length > 0 && { registry }),
    ...(registry.length > 0 && Object.keys(owners).length > 0 && { owners }),
    before,
    ...(!sameSets(before, live) && { base: live }),
    ...(marking && { mark: markOf(batch, setsOf(before, batch), apex, marking) }),
  };
}

/** Of a shift that nobody took back: it may be in the middle. */
function staleMarks(zoneId: string, sets: readonly RecordSet[], marking: Marking | undefined): string[] {
  return sets
    .filter((set) => marking && isMarkOf(set, marking))
    .map(
      (set) =>
        `${set.Name} TXT in ${zoneId} is the mark of a shift that was neither finished nor taken back. If its record is lost, \`clustershift rollback\` in an empty folder goes back by it; if nothing of it is left, delete that record.`,
    );
}

const otherPolicies = [
  "Region",
  "GeoLocation",
  "GeoProximityLocation",
  "Failover",
  "MultiValueAnswer",
  "CidrRoutingConfig",
  "TrafficPolicyInstanceId",
];

/** Of one name and type. */
const mostSets = 100;

/** Why one name can't be shifted; empty where it can. */
export function troublesOf({ name, type, green }: DnsTarget, live: readonly RecordSet[]): string[] {
  return [...liveTroubles({ name, type }, live), ...answerTroubles({ name, type, green })];
}

/** Of these, what the zone itself shows, before green's answer is known. */
export function liveTroubles({ name, type }: RecordName, live: readonly RecordSet[]): string[] {
  const troubles: string[] = [];
  if (live.length === 0) troubles.push(`${name} ${type} doesn't exist in its zone: there is nothing to move.`);
  for (const set of live) {
    const policy = otherPolicies.find((member) => set[member] !== undefined);
    if (policy) {
      const which = set.SetIdentifier === undefined ? "" : ` (record set ${JSON.stringify(set.SetIdentifier)})`;
      troubles.push(`${name} ${type} is routed by ${policy}${which}: only simple and weighted records can be shifted.`);
    }
  }
  if (live.length >= mostSets) {
    troubles.push(
      `${name} ${type} has ${live.length} record sets, the most that Route 53 allows: green's needs one more.`,
    );
  }
  const weights = live.flatMap(({ Weight }) => (Weight === undefined ? [] : [Weight]));
  if (weights.length > 0 && weights.every((weight) => weight === 0)) {
    troubles.push(
      `${name} ${type} has weight 0 in every record set, and so answers from all of them: give them weights.`,
    );
  }
  return troubles;
}

function answerTroubles({ name, type, green }: Pick<DnsTarget, "name" | "type" | "green">): string[] {
  if (!("length" in green)) {
    return type === "CNAME"
      ? [`${name} CNAME: green's answer is an alias of ${green.DNSName}, which only an A or AAAA record can be.`]
      : [];
  }
  const fits = { A: isIPv4, AAAA: isIPv6, CNAME: (value: string) => !isIPv4(value) && !isIPv6(value) }[type];
  const troubles = green
    .filter((value) => !fits(value))
    .map((value) => `${name} ${type}: green's value ${JSON.stringify(value)} is no value of such a record.`);
  if (green.length === 0) troubles.push(`${name} ${type} has no value for green.`);
  if (type === "CNAME" && green.length > 1) troubles.push(`${name} CNAME can have one value only.`);
  return troubles;
}
