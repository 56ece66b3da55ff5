import { isObject } from "../src/model/json.js";
import type { Migration } from "../src/model/migration.js";
import { atVersion, isAbsent } from "./shared/json.js";

/** The signer of what named none, and of everything before 1.18. v1 shows it, but takes no new request for it. */
const LEGACY_SIGNER = "kubernetes.io/legacy-unknown";

/** v1 asks for a signer and for usages. Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/ */
export const certificateSigningRequest: Migration = {
  id: "certificate-signing-request",
  from: { group: "certificates.k8s.io", kind: "CertificateSigningRequest", versions: ["v1beta1"] },
  to: "certificates.k8s.io/v1",
  removedIn: "1.22",
  summary:
    "usages are pinned to digital signature and key encipherment; a request without a signer, or for the legacy one, is dropped.",
  migrate(object) {
    const migrated = atVersion(object, "certificates.k8s.io/v1");
    const { spec } = migrated;
    if (!isObject(spec) || isAbsent(spec.signerName) || spec.signerName === "" || spec.signerName === LEGACY_SIGNER) {
      return {
        result: "drop",
        reason: `certificates.k8s.io/v1 takes no request without a signer, nor for ${LEGACY_SIGNER}; a certificate that it got stays valid`,
      };
    }
    if (isAbsent(spec.usages)) spec.usages = ["digital signature", "key encipherment"];
    return { result: "objects", objects: [migrated] };
  },
};
