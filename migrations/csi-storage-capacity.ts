import { versionOnly } from "./shared/version-only.js";

export const csiStorageCapacity = versionOnly({
  id: "csi-storage-capacity",
  from: { group: "storage.k8s.io", kind: "CSIStorageCapacity", versions: ["v1beta1"] },
  to: "storage.k8s.io/v1",
  removedIn: "1.27",
  summary: "Only the version changes.",
});
