import { UserError } from "../../src/model/errors.js";
import type { Subnet } from "../outputs.js";
import { type GroupSettings, isPerZone } from "../settings/group-settings.js";

/** One EKS node group: a group as a whole, or its part in one zone. */
export interface GroupPart {
  name: string;
  zones: string[];
  subnetIds: string[];
  min: number;
  max: number;
  desired: number;
}

export type Spread = Pick<
  GroupSettings,
  "name" | "zones" | "subnets" | "perZone" | "volumes" | "min" | "max" | "desired"
>;

/**
 * Where a group's nodes go. With one part a zone its sizes are shared out evenly, the earlier zones getting what is over.
 *
 * @throws UserError `config-invalid` where the network lacks a zone, or there are fewer nodes than zones
 */
export function spreadOverZones(group: Spread, subnets: readonly Subnet[]): GroupPart[] {
  const network = [...new Set(subnets.map((subnet) => subnet.zone))].sort();
  const zones = group.zones === undefined ? network : [...new Set(group.zones)];
  const lacking = zones.filter((zone) => !network.includes(zone));
  if (lacking.length > 0 || zones.length === 0) {
    throw new UserError({
      code: "config-invalid",
      what: `clustershift:cluster.groups (${group.name}).zones: the foundation has no ${group.subnets} subnet in ${lacking.join(", ") || "any zone"}`,
      fix: `Choose among ${network.join(", ") || "none"}, or give the foundation subnets there.`,
    });
  }
  const desired = group.desired ?? group.min;
  const subnetIdsOf = (wanted: string[]) => subnets.filter(({ zone }) => wanted.includes(zone)).map(({ id }) => id);
  if (!isPerZone(group)) {
    const { name, min, max } = group;
    return [{ name, zones, subnetIds: subnetIdsOf(zones), min, max, desired }];
  }
  if (group.max < zones.length) {
    throw new UserError({
      code: "config-invalid",
      what: `clustershift:cluster.groups (${group.name}).max: ${group.max} is fewer than one node for each of ${zones.length} zones`,
      fix: "Raise max, name fewer zones, or leave perZone and volumes out.",
    });
  }
  return zones.map((zone, index) => ({
    name: `${group.name}-${zone}`,
    zones: [zone],
    subnetIds: subnetIdsOf([zone]),
    min: share(group.min, index, zones.length),
    max: share(group.max, index, zones.length),
    desired: share(desired, index, zones.length),
  }));
}

function share(total: number, index: number, parts: number): number {
  return Math.floor(total / parts) + (index < total % parts ? 1 : 0);
}
