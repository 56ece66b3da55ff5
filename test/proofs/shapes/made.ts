import { clusterProgram, foundationProgram } from "../../../stacks/program.js";
import { parseClusterSettings } from "../../../stacks/settings/cluster-settings.js";
import { parseFoundationSettings } from "../../../stacks/settings/foundation-settings.js";
import { runWithMocks } from "../../stacks/mocks.js";
import type { ComparedGroups } from "./groups.js";

/** Settings of both stacks, as init wrote them. */
export interface DrawnStacks {
  foundation: unknown;
  cluster: { foundation: string };
}

const effects: Record<string, string> = {
  NO_SCHEDULE: "NoSchedule",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
  NO_EXECUTE: "NoExecute",
};

interface NodeGroupInputs {
  labels: Record<string, string>;
  taints: { key: string; value?: string; effect: string }[];
  scalingConfig: { minSize: number; maxSize: number };
  subnetIds: string[];
}

/**
 * The groups of nodes that the stacks' own programs make of these settings, under Pulumi's mocks: the parts of a group in
 * several zones together.
 *
 * @param zones zone by subnet id, of a network that is found
 */
export async function made(stacks: DrawnStacks, zones: Record<string, string>): Promise<ComparedGroups> {
  const settings = parseFoundationSettings(stacks.foundation);
  const vpcId = settings.network.kind === "found" ? settings.network.vpcId : "";
  const foundation = await runWithMocks(foundationProgram(settings), {
    vpcs: [{ id: vpcId }],
    subnets: Object.entries(zones).map(([id, zone]) => ({ id, vpcId, zone })),
  });
  const outputs = foundation.outputs as Record<"privateSubnets" | "publicSubnets", { id: string; zone: string }[]>;
  const zoneOf = new Map([...outputs.privateSubnets, ...outputs.publicSubnets].map(({ id, zone }) => [id, zone]));
  const cluster = await runWithMocks(clusterProgram(parseClusterSettings(stacks.cluster)), {
    stacks: { [stacks.cluster.foundation]: outputs },
  });
  const groups: ComparedGroups = {};
  for (const { inputs } of cluster.ofType("eks/nodeGroup:NodeGroup")) {
    const { labels, taints, scalingConfig, subnetIds } = inputs as unknown as NodeGroupInputs;
    const name = labels["clustershift.io/group"] ?? "";
    const before = groups[name];
    groups[name] = {
      zones: [...new Set([...(before?.zones ?? []), ...subnetIds.map((id) => zoneOf.get(id) ?? id)])].sort(),
      min: (before?.min ?? 0) + scalingConfig.minSize,
      max: (before?.max ?? 0) + scalingConfig.maxSize,
      labels,
      taints: taints.map(({ key, value, effect }) => `${key}${value ? `=${value}` : ""}:${effects[effect]}`).sort(),
    };
  }
  return groups;
}
