import type { JudgedResource, UnseenKind } from "./cloud.js";

/** A resource that a sweep deleted, and when: ISO 8601, UTC. */
export type RemovedResource = Omit<JudgedResource, "kept"> & { at: string };

/** A snapshot that was taken of one of blue's volumes before blue was removed. */
export interface FinalSnapshot {
  id: string;
  volume: string;
  /** The PersistentVolume, as far as it is known. */
  of: string;
  at: string;
  /** ISO 8601. */
  keepUntil: string;
}

/** teardown.json: what became of blue, and of everything that it had in AWS. */
export interface TeardownReceipt {
  format: 1;
  at: string;
  blue: string;
  /** Since when blue is gone. */
  goneAt: string;
  /** What is left of blue: where it lies, and the hash that names it. */
  bundle: { path: string; hash: string } | null;
  /** Services and Ingresses that were deleted so that blue's controllers released what they had made. */
  drained: { object: string; at: string }[];
  snapshots: FinalSnapshot[];
  removed: RemovedResource[];
  /** What was thought blue's and stays, and why. */
  kept: Required<JudgedResource>[];
  /** Orphans that nobody asked to remove. */
  left: JudgedResource[];
  unseen: UnseenKind[];
}
