import type { ShapeGroup } from "../model/shape.js";
import { carriedLabels } from "./labels.js";

/** One group as the cluster stack's settings say it. */
export interface DraftGroup {
  name: string;
  min: number;
  max: number;
  desired?: number;
  instanceTypes: string[];
  architecture?: "arm64";
  capacity?: "spot";
  rootVolumeGiB?: number;
  labels?: Record<string, string>;
  taints?: ShapeGroup["taints"];
  perZone?: true;
  zones?: string[];
  subnets?: "public";
}

export interface DrawnGroup {
  group: DraftGroup;
  /** Key on blue -> key on green. */
  renamedLabels: Record<string, string>;
  /** What was chosen where blue's own couldn't be had, in whole sentences. */
  chosen: string[];
}

/** The least that EKS' image fits into. */
const leastRootGiB = 20;

/** For groups whose instances can't be seen: two sizes that every region has. */
const fallbackTypes = ["m6i.xlarge", "m5.xlarge"];

/** Graviton's families carry a g behind their generation: m6g, c7gn, x2gd, im4gn; the first was a1. */
const graviton = /^(a1|[a-z]+\d+g[a-z]*)\./;

/**
 * Green's counterpart of one of blue's groups.
 *
 * @param taken names that other groups have already
 * @param volumes whether pods may have volumes, which can't leave their zone
 */
export function drawGroup(blue: ShapeGroup, taken: readonly string[], volumes: boolean): DrawnGroup {
  const chosen: string[] = [];
  const name = nameFor(blue.name, taken);
  if (name !== blue.name) chosen.push(`${blue.name} is called ${name}: names end up in names of AWS resources.`);
  const max = Math.max(blue.max, 1);
  if (max !== blue.max) chosen.push(`${name} may have one node: EKS takes no group with a maximum of 0.`);
  const root = blue.rootVolumeGiB === undefined ? undefined : Math.max(blue.rootVolumeGiB, leastRootGiB);
  if (root !== blue.rootVolumeGiB) chosen.push(`${name}'s root volumes have ${root} GiB: EKS' image needs as many.`);
  const instanceTypes = blue.instanceTypes.length > 0 ? blue.instanceTypes : fallbackTypes;
  if (instanceTypes === fallbackTypes)
    chosen.push(`${name} gets ${fallbackTypes.join(" or ")}: nothing shows which instances blue has.`);
  const arm = instanceTypes.filter((type) => graviton.test(type));
  const kept = arm.length > 0 ? arm : instanceTypes;
  if (kept.length < instanceTypes.length)
    chosen.push(`${name} has ${kept.join(", ")} alone: a group of EKS has one architecture.`);
  const perZone = (volumes || blue.ownsAddresses) && blue.zones.length > 1 && max >= blue.zones.length;
  if (perZone)
    chosen.push(`${name} is one node group a zone: ${blue.ownsAddresses ? "addresses" : "volumes"} stay in theirs.`);
  const { labels, renamed } = carriedLabels(blue.labels);
  const desired = blue.desired === undefined ? undefined : Math.min(Math.max(blue.desired, blue.min), max);
  return {
    group: {
      name,
      min: blue.min,
      max,
      ...(desired !== undefined && desired !== blue.min && { desired }),
      instanceTypes: kept,
      ...(arm.length > 0 && { architecture: "arm64" }),
      ...(blue.spot && { capacity: "spot" }),
      ...(root !== undefined && { rootVolumeGiB: root }),
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(blue.taints.length > 0 && { taints: blue.taints }),
      ...(perZone && { perZone }),
      // Without zones to go by: every zone of the network.
      ...(blue.zones.length > 0 && { zones: blue.zones }),
      ...(blue.ownsAddresses && { subnets: "public" }),
    },
    renamedLabels: renamed,
    chosen,
  };
}

const longestName = 32;

/** Small letters, digits and hyphens, no more than are taken, and no other's name. */
export function nameFor(wanted: string, taken: readonly string[], longest = longestName): string {
  const plain =
    wanted
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, "-")
      .replace(/^[^a-z]+/, "") || "group";
  const short = plain.slice(0, longest).replace(/-+$/, "");
  if (!taken.includes(short)) return short;
  for (let count = 2; ; count++) {
    const numbered = `${short.slice(0, longest - 1 - String(count).length)}-${count}`;
    if (!taken.includes(numbered)) return numbered;
  }
}
