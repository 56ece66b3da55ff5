import type { Migration } from "../src/model/migration.js";
import { migrateBinding } from "./shared/role-binding.js";

export const roleBinding: Migration = {
  id: "role-binding",
  from: { group: "rbac.authorization.k8s.io", kind: "RoleBinding", versions: ["v1alpha1", "v1beta1"] },
  to: "rbac.authorization.k8s.io/v1",
  removedIn: "1.23",
  summary: "Only the version changes from v1beta1; from v1alpha1, subjects get a group instead of an apiVersion.",
  migrate: migrateBinding,
};
