import { isObject } from "../../src/model/json.js";
import type { Migrated } from "../../src/model/migration.js";
import { groupOf, type JsonObject, type KubeObject } from "../../src/model/objects.js";
import { atVersion, isAbsent } from "./json.js";

const RBAC = "rbac.authorization.k8s.io";

/**
 * A RoleBinding or ClusterRoleBinding as rbac.authorization.k8s.io/v1. v1beta1 is the same; v1alpha1 gave subjects an
 * apiVersion instead of a group, and meant everybody who is logged in by the user `*`.
 */
export function migrateBinding(object: KubeObject): Migrated {
  const migrated = atVersion(object, `${RBAC}/v1`);
  if (object.apiVersion === `${RBAC}/v1alpha1` && Array.isArray(migrated.subjects)) {
    migrated.subjects = migrated.subjects.map((subject: unknown) =>
      isObject(subject) ? migrateSubject(subject) : subject,
    );
  }
  return { result: "objects", objects: [migrated] };
}

function migrateSubject({ apiVersion, ...subject }: JsonObject): JsonObject {
  if (subject.kind === "ServiceAccount") return subject;
  if (subject.kind === "User" && subject.name === "*") {
    return { ...subject, kind: "Group", apiGroup: RBAC, name: "system:authenticated" };
  }
  if (subject.kind === "User" || subject.kind === "Group") return { ...subject, apiGroup: RBAC };
  return isAbsent(apiVersion) ? subject : { ...subject, apiGroup: groupOf(String(apiVersion)) };
}
