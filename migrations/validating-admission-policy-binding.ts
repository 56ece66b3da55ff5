import { versionOnly } from "./shared/version-only.js";

export const validatingAdmissionPolicyBinding = versionOnly({
  id: "validating-admission-policy-binding",
  from: { group: "admissionregistration.k8s.io", kind: "ValidatingAdmissionPolicyBinding", versions: ["v1beta1"] },
  to: "admissionregistration.k8s.io/v1",
  removedIn: "1.34",
  summary: "Only the version changes: unlike for webhooks, the defaults of v1beta1 and v1 are the same.",
});
