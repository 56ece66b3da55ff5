import type { JsonObject } from "./objects.js";

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

/** A Pod of one of Velero's backups, of a namespace in which it put files of Pods into its store. */
export interface BackedUpPod {
  namespace: string;
  name: string;
  labels: Readonly<Record<string, string>>;
  /** Names of all claims that it mounts: Velero brings them with it. */
  claims: string[];
  /** Its volumes of which the backup has the files, as the Pod has them. */
  volumes: JsonObject[];
  /** Names of its own init containers. */
  initContainers: string[];
  /** Whether Velero would give it an init container more, by a hook for restores. */
  hooked: boolean;
}
