import type { Probes } from "../../aws/api.js";
import { messageOf } from "../../model/errors.js";
import type { AddressTarget } from "../../model/traffic.js";
import type { NameOfZone } from "./prepare.js";

/** What will move, as far as it is known by now: green's instances are known only once green stands. */
export interface Moving {
  names: readonly NameOfZone[];
  addresses: readonly Pick<AddressTarget, "allocationId" | "publicIp" | "greenInstanceId">[];
  /** The key of the tag that addresses get, where a shift leaves marks. */
  tagKey?: string | undefined;
}

/** A mark is about so many names at most; a few more sets are asked for than are needed. */
const namesOfMark = 100;

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
export async function checkAhead({ names, addresses, tagKey: key }: Moving, probes: Probes): Promise<AheadCheck[]> {
  const checks: AheadCheck[] = [];
  for (const name of names) {
    checks.push({ what: `change ${name.name} ${name.type}`, ...(await probes.changeRecords(name)) });
  }
  for (const zoneId of new Set(names.map((name) => name.zoneId))) {
    const moving = names.filter((name) => name.zoneId === zoneId).length;
    const needed = moving + (key === undefined ? 0 : Math.ceil(moving / namesOfMark));
    checks.push({ what: `add ${needed} record set(s) to zone ${zoneId}`, ...(await roomIn(zoneId, needed, probes)) });
  }
  for (const { allocationId, publicIp, greenInstanceId } of addresses) {
    const request = { allocationId, instanceId: greenInstanceId };
    checks.push({ what: `move ${publicIp} to ${greenInstanceId}`, ...(await probes.associate(request)) });
    if (key !== undefined) checks.push({ what: `mark ${publicIp}`, ...(await probes.tag({ allocationId, key })) });
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
