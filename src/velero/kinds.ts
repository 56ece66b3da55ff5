import type { ApiResource } from "../model/objects.js";

export const veleroApi = "velero.io/v1";

export const backups = ofVelero("Backup", "backups");
export const storageLocations = ofVelero("BackupStorageLocation", "backupstoragelocations");

function ofVelero(kind: string, resource: string): ApiResource {
  return { group: "velero.io", version: "v1", kind, resource, namespaced: true, verbs: [], subresources: [] };
}
