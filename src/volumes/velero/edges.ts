import type { VolumesApi } from "../../aws/volumes.js";
import type { KubeWriter } from "../../kube/api.js";
import type { ApiResource } from "../../model/objects.js";
import type { VolumeEdges } from "../edges.js";
import type { BackedUp } from "./backed-up.js";

export const restores = ofVelero("Restore", "restores");
/** One for each volume into which Velero puts files. */
export const fileRestores = ofVelero("PodVolumeRestore", "podvolumerestores");

function ofVelero(kind: string, resource: string): ApiResource {
  return { group: "velero.io", version: "v1", kind, resource, namespaced: true, verbs: [], subresources: [] };
}

/** What Velero has to say of a restore, mostly of one object. */
export interface RestoreRemark {
  severity: "error" | "warning";
  namespace?: string;
  text: string;
}

export interface VeleroEdges extends Pick<VolumeEdges, "journal" | "clock" | "signal" | "onProgress"> {
  green: Pick<KubeWriter, "get" | "create" | "patch" | "delete" | "pages">;
  cloud: Pick<VolumesApi, "volumes">;
  /** What Velero wrote of an ended restore. Throws UserError where it can't be read. */
  remarks(restore: string): Promise<RestoreRemark[]>;
  /** The backup, once something is to be restored from it: its archive is read for that. */
  backup(): Promise<BackedUp>;
}

export interface VeleroTerms {
  run: string;
  /** Of green. */
  clusterId: string;
  /** Velero's own on green. */
  namespace: string;
  /** In which green has nodes; of none nothing is asked. */
  zones: ReadonlySet<string>;
  timeoutMs: number;
}
