import type { Migration } from "../src/model/migration.js";
import { dropPodSecurityPolicy } from "./shared/pod-security-policy.js";

export const podSecurityPolicy: Migration = {
  id: "pod-security-policy",
  from: { group: "policy", kind: "PodSecurityPolicy", versions: ["v1beta1"] },
  to: null,
  removedIn: "1.25",
  summary:
    "Dropped: the API is gone. Pod Security Admission (labels on namespaces) is the nearest; a person must choose levels.",
  migrate: dropPodSecurityPolicy,
};
