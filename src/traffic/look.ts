import { messageOf } from "../model/errors.js";
import type { Association, Portion } from "../model/traffic.js";
import { portionsOf, type RecordedTarget, targetOf } from "./targets/index.js";
import { setsOf } from "./targets/route53/record-sets.js";
import type { TargetEdges } from "./targets/target.js";

/** What the live state of several targets shows, and of which it can't be seen. */
export interface LiveTraffic {
  portions: Portion[];
  troubles: string[];
}

/**
 * Looks at all targets, for people to see: one listing for each hosted zone and one for all addresses, since whoever moves traffic
 * meanwhile needs the account's rate. Writes nothing and never throws: what can't be seen is said.
 */
export async function lookAtTraffic(targets: readonly RecordedTarget[], edges: TargetEdges): Promise<LiveTraffic> {
  const seen: LiveTraffic = { portions: [], troubles: [] };
  const look = lookOnce(edges, targets);
  for (const target of targets) {
    try {
      seen.portions.push(...portionsOf(target, await look(target)));
    } catch (error) {
      seen.troubles.push(`${target.key}: ${messageOf(error)}`);
    }
  }
  return { ...seen, troubles: [...new Set(seen.troubles)] };
}

/** Reads the state of a target; what several have in common is read once. */
function lookOnce(
  edges: TargetEdges,
  targets: readonly RecordedTarget[],
): (target: RecordedTarget) => Promise<unknown> {
  const { route53, ec2 } = edges.aws;
  const read = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, how: () => Promise<T>): Promise<T> => {
    const known = read.get(key) ?? how();
    read.set(key, known);
    return known as Promise<T>;
  };
  return async (target) => {
    if (target.kind === "route53") {
      const { zoneId, names } = target;
      const all = targets.flatMap((each) => (each.kind === "route53" && each.zoneId === zoneId ? each.names : []));
      const listed = all.map(({ name }) => name);
      return setsOf(await once(zoneId, () => route53.recordSets(zoneId, listed)), names);
    }
    if (target.kind === "elastic-ip") {
      const all = await once("addresses", () => ec2.addresses({}));
      const found = all.find((address: Association) => address.allocationId === target.allocationId);
      if (!found) throw new Error("this address is gone: somebody released it");
      return found;
    }
    return targetOf(target, edges).observe();
  };
}
