import type { ObjectRef } from "./objects.js";
import type { Selector } from "./selector.js";

/**
 * What becomes of what lies in a claim's volume. copy: snapshots while blue runs, a last one once it is stopped, and a new volume of that.
 * hand-over: the same volume, once blue has let go of it. velero: restored by Velero. shared: the same file system on both clusters.
 * fresh: a new and empty volume. leave: nothing is done, for a reason that a finding says.
 */
export const volumeStrategies = ["copy", "hand-over", "velero", "shared", "fresh", "leave"] as const;
export type VolumeStrategy = (typeof volumeStrategies)[number];

/** Those that wait for blue's workload to have stopped: both are done by the cutover, right after the hand-over. */
export function isMoved({ strategy }: Pick<PlannedVolume, "strategy">): boolean {
  return strategy === "copy" || strategy === "hand-over";
}

/** Those whose volume on green is made by clustershift, so that the claim waits for it by name. */
export function isMade(volume: Pick<PlannedVolume, "strategy">): boolean {
  return isMoved(volume) || volume.strategy === "shared";
}

/** One entry of `volumes.rules` in clustershift.yaml. */
export interface ConfiguredVolumeRule {
  name: string;
  reason: string;
  select: Selector & { storageClass?: string | undefined };
  strategy: VolumeStrategy;
}

/** A claim of blue, and what becomes of what lies in its volume. */
export interface PlannedVolume {
  /** As blue names it. */
  claim: ObjectRef;
  /** As green will name it, where that is another name. */
  arrivesAs?: ObjectRef;
  strategy: VolumeStrategy;
  /** The rule that decided: one of docs/volume-rules.md, or the name of an entry of `volumes.rules`. */
  rule: string;
  /** One sentence: why. */
  reason: string;
  /** What the configuration asked for, where that can't be done. */
  refused?: VolumeStrategy;
  /** Blue's PersistentVolume; green's has the same name. */
  volume?: string;
  /** `vol-0123`, `fs-0123::fsap-0123`, `10.0.0.2:/exports/media`: what the PersistentVolume stands for. */
  handle?: string;
  storageClass?: string;
  /** `100Gi` */
  size?: string;
  /** Of an EBS volume: its zone, and that of what green gets. */
  zone?: { from: string; to: string };
  /** What mounts it, by the workload that a person knows. */
  users: ObjectRef[];
  /** How long its workload runs on neither cluster, at most. */
  downtime?: { seconds: number; basis: string };
}

/** `shop/data-db-0`: by which a claim is known to the journal, to tags and to people, as green names it. */
export function claimName({ claim, arrivesAs }: Pick<PlannedVolume, "claim" | "arrivesAs">): string {
  const { namespace, name }: ObjectRef = arrivesAs ?? claim;
  return `${namespace}/${name}`;
}
