import { isObject, listAt, textAt } from "../../model/json.js";
import type { KubeObject } from "../../model/objects.js";
import { controllerAccounts } from "./controller-accounts.js";

export const rbacKinds = [
  "ClusterRole.rbac.authorization.k8s.io",
  "ClusterRoleBinding.rbac.authorization.k8s.io",
  "Role.rbac.authorization.k8s.io",
  "RoleBinding.rbac.authorization.k8s.io",
];

/** Managers whose changes to bootstrap RBAC are Kubernetes's own. */
const bootstrapManagers = ["kube-apiserver", "kube-controller-manager", "clusterrole-aggregation-controller"];

/** API groups that any version's own roles name. Those of others (`acme.example`, `cluster.x-k8s.io`) were added. */
const ownGroups = /^$|^\*$|^(apps|autoscaling|batch|extensions|policy)$|(^|\.)k8s\.io$/;

/** Users and groups that any version's own bindings name. */
const ownNames =
  /^system:(masters|authenticated|unauthenticated|serviceaccounts|nodes|monitoring|node-proxier|bootstrappers.*|kube-[a-z-]+)$/;

/** Accounts in kube-system that they name, beside those of controllers. */
const ownAccounts = ["kube-controller-manager", "kube-scheduler", "kube-dns", "leader-election-controller"];

/** A role or binding that the API server made when it first started. */
export function isBootstrapRbac({ metadata }: Pick<KubeObject, "metadata">): boolean {
  return metadata.labels?.["kubernetes.io/bootstrapping"] === "rbac-defaults";
}

/**
 * True where a person or a tool changed a role that the API server made. It can't be told by comparing it with green's:
 * each version has other defaults. So it goes by who wrote, which versions before 1.18 didn't record, and by what no
 * version's defaults have in them. A rule for a group of Kubernetes's own, added before 1.18, can't be seen.
 */
export function isEditedBootstrap(object: KubeObject): boolean {
  const { annotations, managedFields } = object.metadata;
  if (annotations?.["rbac.authorization.kubernetes.io/autoupdate"] === "false") return true;
  return (
    (managedFields ?? []).some(
      (entry) => isObject(entry) && !bootstrapManagers.includes(textAt(entry, "manager") ?? ""),
    ) ||
    listAt(object, "subjects").some((subject) => !isOwnSubject(subject)) ||
    // A controller gathers the rules of an aggregated role from others, among them people's own.
    (!isObject(object.aggregationRule) &&
      listAt(object, "rules").some((rule) =>
        listAt(rule, "apiGroups").some((group) => typeof group === "string" && !ownGroups.test(group)),
      ))
  );
}

function isOwnSubject(subject: unknown): boolean {
  const name = textAt(subject, "name") ?? "";
  if (textAt(subject, "kind") !== "ServiceAccount") return ownNames.test(name);
  return textAt(subject, "namespace") === "kube-system" && (controllerAccounts.has(name) || ownAccounts.includes(name));
}
