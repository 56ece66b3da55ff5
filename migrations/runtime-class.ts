import { versionOnly } from "./shared/version-only.js";

export const runtimeClass = versionOnly({
  id: "runtime-class",
  from: { group: "node.k8s.io", kind: "RuntimeClass", versions: ["v1beta1"] },
  to: "node.k8s.io/v1",
  removedIn: "1.25",
  summary: "Only the version changes.",
});
