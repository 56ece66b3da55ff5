import { versionOnly } from "./shared/version-only.js";

export const validatingAdmissionPolicy = versionOnly({
  id: "validating-admission-policy",
  from: { group: "admissionregistration.k8s.io", kind: "ValidatingAdmissionPolicy", versions: ["v1beta1"] },
  to: "admissionregistration.k8s.io/v1",
  removedIn: "1.34",
  summary: "Only the version changes: unlike for webhooks, the defaults of v1beta1 and v1 are the same.",
});
