import { isObject } from "../src/model/json.js";
import type { Migration } from "../src/model/migration.js";
import type { JsonObject } from "../src/model/objects.js";
import { atVersion, isAbsent } from "./shared/json.js";

/**
 * From v1beta1 only the version changes: unlike for webhooks, its defaults are those of v1. The first v1alpha1, of 1.26,
 * could only deny, and failed as the policy says where its parameters were missing; v1 asks for both to be said.
 */
export const validatingAdmissionPolicyBinding: Migration = {
  id: "validating-admission-policy-binding",
  from: {
    group: "admissionregistration.k8s.io",
    kind: "ValidatingAdmissionPolicyBinding",
    versions: ["v1alpha1", "v1beta1"],
  },
  to: "admissionregistration.k8s.io/v1",
  removedIn: "1.34",
  summary:
    "The version changes; from v1alpha1, absent validationActions and parameterNotFoundAction are pinned to Deny.",
  migrate(object) {
    const migrated = atVersion(object, "admissionregistration.k8s.io/v1");
    if (object.apiVersion.endsWith("/v1alpha1") && isObject(migrated.spec)) migrated.spec = pinDeny(migrated.spec);
    return { result: "objects", objects: [migrated] };
  },
};

function pinDeny(spec: JsonObject): JsonObject {
  const result: JsonObject = { ...spec, validationActions: spec.validationActions ?? ["Deny"] };
  const { paramRef } = spec;
  if (isObject(paramRef) && isAbsent(paramRef.parameterNotFoundAction)) {
    result.paramRef = { ...paramRef, parameterNotFoundAction: "Deny" };
  }
  return result;
}
