import type { Probes } from "../../aws/api.js";
import { messageOf } from "../../model/errors.js";
import type { AddressTarget } from "../../model/traffic.js";
import type { NameOfZone } from "./prepare.js";

/** What will move, as far as it is known by now: green's instances are known only once green stands. */
export interface Moving {
  names: readonly NameOfZone[];
  addresses: readonly Pick<AddressTarget, "allocationId" | "publicIp" | "greenInstanceId">[];
}

/** One thing that a shift will need. `unknown`: it could not be found out without doing it. */
export interface AheadCheck {
  what: string;
  outcome: "allowed" | "denied" | "unknown";
  detail: string;
}

/**
 * Whether these credentials may do what the shift will, and its zones have room for it: asked of AWS without doing any of it.
 * A policy can still tell an UPSERT from the DELETE that is asked with.
 */
export async function checkAhead({ names, addresses }: Moving, probes: Probes): Promise<AheadCheck[]> {
  const checks: AheadCheck[] = [];
  for (const name of names) {
    checks.push({ what: `change ${name.name} ${name.type}`, ...(await probes.changeRecords(name)) });
  }
  for (const zoneId of new Set(names.map((name) => name.zoneId))) {
    const needed = names.filter((name) => name.zoneId === zoneId).length;
    checks.push({ what: `add ${needed} record set(s) to zone ${zoneId}`, ...(await roomIn(zoneId, needed, probes)) });
  }
  for (const { allocationId, publicIp, greenInstanceId } of addresses) {
    const request = { allocationId, instanceId: greenInstanceId };
    checks.push({ what: `move ${publicIp} to ${greenInstanceId}`, ...(await probes.associate(request)) });
  }
  return checks;
}

async function roomIn(zoneId: string, needed: number, probes: Probes): Promise<Omit<AheadCheck, "what">> {
  try {
    const free = await probes.freeRecordSets(zoneId);
    return free >= needed
      ? { outcome: "allowed", detail: "" }
      : { outcome: "denied", detail: `the zone's quota leaves room for ${free}: ask AWS for more, or remove some` };
  } catch (error) {
    return { outcome: "unknown", detail: messageOf(error) };
  }
}
