import type { RecordSet } from "../../../src/model/traffic.js";
import type { WorldSpec } from "../../traffic/world.js";

/** A world by a seed: how many zones, names, sets, rules and addresses, of which shapes, and which weights they have before. */
export function randomWorld(random: () => number): WorldSpec {
  const upTo = (most: number) => 1 + Math.floor(random() * most);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const answer = (type: string, index: number): Partial<RecordSet> => {
    if (type === "alias")
      return {
        AliasTarget: { HostedZoneId: "Z35SXDOTRQ7X7K", DNSName: `lb-${index}.example.`, EvaluateTargetHealth: false },
      };
    const values: Record<string, string> = {
      A: `192.0.2.${index + 1}`,
      AAAA: `2001:db8::b:${index}`,
      CNAME: `blue-${index}.example.`,
    };
    return { TTL: pick([1, 5, 60, 300]), ResourceRecords: [{ Value: values[type] ?? "" }] };
  };
  const name = (index: number): RecordSet[] => {
    const kind = pick(["A", "AAAA", "CNAME", "alias"]);
    const set = { Name: `app-${index}`, Type: kind === "alias" ? "A" : kind };
    if (random() < 0.5) return [{ ...set, ...answer(kind, 0) }];
    const sets = upTo(3);
    return Array.from({ length: sets }, (_, each) => ({
      ...set,
      SetIdentifier: `pool-${each}`,
      // One weight of each name isn't zero.
      Weight: each === 0 ? upTo(255) : Math.floor(random() * 256),
      ...answer(kind, each),
    }));
  };
  const zones = Array.from({ length: upTo(3) }, () =>
    Array.from({ length: upTo(3) }, (_, index) => name(index)).flat(),
  );
  // Each has one group whose weight isn't zero.
  const places = Array.from({ length: upTo(3) }, () =>
    Array.from({ length: upTo(3) }, (_, each) => (each === 0 ? upTo(999) : Math.floor(random() * 1000))),
  );
  return {
    zones,
    foreign: random() < 0.5 ? ["partner"] : [],
    balancer: places,
    addresses: upTo(3),
    manual: ["partner"],
  };
}
