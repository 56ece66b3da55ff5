import type { Volume } from "../aws/volumes.js";

/** On what clustershift makes for a claim: the run, the claim, and which copy it is (`1`, `sync2`). */
export const runTag = "clustershift:run";
export const claimTag = "clustershift:claim";
export const copyTag = "clustershift:copy";
/** On a snapshot: the volume that it is of. */
export const volumeTag = "clustershift:volume";

/** What says that a volume is of a cluster, and so is that cluster's to delete. */
export function clusterTagsOf({ tags }: Pick<Volume, "tags">, cluster: string): string[] {
  return Object.keys(tags).filter(
    (key) => key === `kubernetes.io/cluster/${cluster}` || (key === "KubernetesCluster" && tags[key] === cluster),
  );
}

export function clusterTag(cluster: string): Record<string, string> {
  return { [`kubernetes.io/cluster/${cluster}`]: "owned" };
}

/** Of a copy: what its original had, but for what AWS keeps to itself and what says that it is blue's. */
export function carriedTags(volume: Volume, blue: string): Record<string, string> {
  const blues = clusterTagsOf(volume, blue);
  return Object.fromEntries(
    Object.entries(volume.tags).filter(([key]) => !key.startsWith("aws:") && !blues.includes(key)),
  );
}
