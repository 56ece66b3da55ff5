/**
 * How Velero keeps what lies in a volume. native: a snapshot by its plugin for the cloud; csi: a VolumeSnapshot; moved: a VolumeSnapshot
 * whose content it put into its store; files: the files of Pods, put into its store.
 */
export type DataMethod = "native" | "csi" | "moved" | "files";

/** A claim of one of Velero's backups, and what became of its volume. */
export interface BackedUpClaim {
  namespace: string;
  name: string;
  labels: Readonly<Record<string, string>>;
  /** Absent where the backup has the claim's definition alone. */
  method?: DataMethod;
  /** Why there is no data, where Velero says so: it left the volume out, or failed with it. */
  lacks?: string;
}
