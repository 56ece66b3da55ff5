import { isIPv4, isIPv6 } from "node:net";
import type { AwsApi, Instance } from "../aws/api.js";
import { UserError } from "../model/errors.js";
import { type AddressTarget, type DnsTarget, type RecordSet, type Target, targetKey } from "../model/traffic.js";
import { batchesOf } from "./batches.js";
import type { RecordedAddress, RecordedTarget, RecordedZone } from "./history.js";
import { setsOf } from "./record-sets.js";

/**
 * Reads every target whole, as it is before anything moves, and refuses what can't be shifted and brought back exactly.
 * Writes nothing.
 */
export async function recordTargets(
  targets: readonly Target[],
  { route53, ec2 }: Pick<AwsApi, "route53" | "ec2">,
): Promise<RecordedTarget[]> {
  const dns = targets.filter((target) => target.kind === "route53");
  const addresses = targets.filter((target) => target.kind === "elastic-ip");
  const recorded: RecordedTarget[] = [];
  for (const zoneId of new Set(dns.map((target) => target.zoneId))) {
    const sets = await route53.recordSets(zoneId);
    const names = dns.filter((target) => target.zoneId === zoneId);
    const troubles = names.flatMap((target) => troublesOf(target, setsOf(sets, [target])));
    if (troubles.length > 0) throw configTrouble(troubles);
    recorded.push(...batchesOf(names, sets).map((batch, index) => recordedZone(zoneId, batch, sets, index)));
  }
  if (addresses.length > 0) recorded.push(...(await recordAddresses(addresses, { ec2 })));
  return recorded;
}

function recordedZone(zoneId: string, batch: DnsTarget[], sets: readonly RecordSet[], index: number): RecordedZone {
  return {
    kind: "route53",
    key: index === 0 ? `route53:${zoneId}` : `route53:${zoneId}#${index + 1}`,
    zoneId,
    names: batch.map(({ name, type, green }) => ({ name, type, green })),
    before: setsOf(sets, batch),
  };
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

/** Why one name can't be shifted; empty where it can. */
export function troublesOf({ name, type, green }: DnsTarget, live: readonly RecordSet[]): string[] {
  const troubles: string[] = [];
  if (live.length === 0) troubles.push(`${name} ${type} doesn't exist in its zone: there is nothing to move.`);
  for (const set of live) {
    const policy = otherPolicies.find((member) => set[member] !== undefined);
    if (policy)
      troubles.push(`${name} ${type} is routed by ${policy}: only simple and weighted records can be shifted.`);
  }
  const weights = live.flatMap(({ Weight }) => (Weight === undefined ? [] : [Weight]));
  if (weights.length > 0 && weights.every((weight) => weight === 0)) {
    troubles.push(
      `${name} ${type} has weight 0 in every record set, and so answers from all of them: give them weights.`,
    );
  }
  const fits = { A: isIPv4, AAAA: isIPv6, CNAME: (value: string) => !isIPv4(value) && !isIPv6(value) }[type];
  for (const value of green.filter((value) => !fits(value))) {
    troubles.push(`${name} ${type}: green's value ${JSON.stringify(value)} is no value of such a record.`);
  }
  if (green.length === 0) troubles.push(`${name} ${type} has no value for green.`);
  if (type === "CNAME" && green.length > 1) troubles.push(`${name} CNAME can have one value only.`);
  return troubles;
}

async function recordAddresses(
  targets: readonly AddressTarget[],
  { ec2 }: Pick<AwsApi, "ec2">,
): Promise<RecordedAddress[]> {
  const addresses = await ec2.addresses({ allocationIds: targets.map((target) => target.allocationId) });
  const instances = await ec2.instances({ instanceIds: targets.map((target) => target.greenInstanceId) });
  const troubles: string[] = [];
  const recorded = targets.flatMap((target): RecordedAddress[] => {
    const { allocationId, publicIp, group, zone, greenInstanceId } = target;
    const before = addresses.find((address) => address.allocationId === allocationId);
    const instance = instances.find((candidate) => candidate.instanceId === greenInstanceId);
    const nic = instance?.interfaces[0];
    if (!before) troubles.push(`Elastic IP ${publicIp} (${allocationId}) doesn't exist in this account and region.`);
    if (!nic || !isUp(instance)) {
      troubles.push(`${greenInstanceId}, which is to get ${publicIp}, is ${instance?.state ?? "not there"}.`);
    }
    if (!before || !nic) return [];
    const after = { allocationId, publicIp: before.publicIp, instanceId: greenInstanceId, ...nic };
    return [
      {
        kind: "elastic-ip",
        key: targetKey(target),
        allocationId,
        publicIp: before.publicIp,
        group,
        zone,
        before,
        after,
      },
    ];
  });
  if (troubles.length > 0) throw configTrouble(troubles);
  return recorded;
}

function isUp(instance: Instance | undefined): boolean {
  return instance?.state === "running" || instance?.state === "pending";
}

function configTrouble(troubles: string[]): UserError {
  return new UserError({
    code: "config-invalid",
    what: troubles.join("\n"),
    fix: "Mend traffic in clustershift.yaml, or the records and addresses themselves. Nothing was changed.",
  });
}
