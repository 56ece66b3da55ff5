import { type Outcome, unless } from "../check.js";

/** A subnet in which pods get addresses of the VPC. */
export interface PodSubnet {
  id: string;
  zone: string;
  free: number;
}

/** AWS refuses a load balancer in a subnet with less. */
const neededByBalancers = 8;

/**
 * Whether the subnets of green's nodes have room for what migrate brings.
 *
 * @param needed pods with addresses of their own that are on blue, and not yet on green
 */
export function freeAddresses(subnets: readonly PodSubnet[], needed: number): Outcome {
  const zones = new Map<string, number>();
  for (const { zone, free } of subnets) zones.set(zone, (zones.get(zone) ?? 0) + free);
  const total = [...zones.values()].reduce((sum, free) => sum + free, 0);
  // Pods spread over zones, so that each zone gets its share.
  const share = Math.ceil(needed / Math.max(zones.size, 1));
  const problems = [...zones]
    .filter(([, free]) => free < share + neededByBalancers)
    .map(
      ([zone, free]) =>
        `${zone} has ${free} free addresses, and needs ${share} for pods and ${neededByBalancers} for load balancers`,
    );
  return unless(
    problems,
    `${total} addresses are free in ${zones.size} zones, for ${needed} pods that are still to come`,
  );
}
