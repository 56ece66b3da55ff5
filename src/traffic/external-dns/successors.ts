import type { DnsRegistry, ExternalDns } from "../../model/external-dns.js";
import { refKey } from "../../model/objects.js";
import type { Instances } from "./writers.js";

/**
 * How both clusters keep their registries, and who follows whom: on green the object of the same name, or the only one that there
 * is. Whom none follows keeps what is its.
 */
export function registriesOf({ blue, green }: Instances): DnsRegistry {
  const owners: [string, string][] = blue.flatMap((instance): [string, string][] => {
    const to = successorOf(instance, { blue, green })?.owner;
    return instance.owner === undefined || to === undefined || to === instance.owner ? [] : [[instance.owner, to]];
  });
  const affixes = [...blue, ...green].map(({ prefix, suffix, wildcard }) => ({ prefix, suffix, wildcard }));
  return { affixes, owners: Object.fromEntries(owners) };
}

function successorOf(instance: ExternalDns, { blue, green }: Instances): ExternalDns | undefined {
  const same = green.find(({ object }) => refKey(object) === refKey(instance.object));
  return same ?? (blue.length === 1 && green.length === 1 ? green[0] : undefined);
}
