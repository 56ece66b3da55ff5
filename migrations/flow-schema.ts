import { versionOnly } from "./shared/version-only.js";

export const flowSchema = versionOnly({
  id: "flow-schema",
  from: { group: "flowcontrol.apiserver.k8s.io", kind: "FlowSchema", versions: ["v1beta1", "v1beta2", "v1beta3"] },
  to: "flowcontrol.apiserver.k8s.io/v1",
  removedIn: "1.32",
  summary: "Only the version changes: a matchingPrecedence of 0 means 1000 in every version.",
});
