import type { KubeObject } from "../model/objects.js";

/** One rule of a role, and why clustershift asks for it. */
interface Rule {
  why: string;
  rule: { apiGroups?: string[]; resources?: string[]; nonResourceURLs?: string[]; verbs: string[] };
}

const namespace = "clustershift";
const rbac = "rbac.authorization.k8s.io";

const discovery: Rule = {
  why: "which APIs and which version the server has; most clusters let everyone read this anyway",
  rule: { nonResourceURLs: ["/version", "/api", "/api/*", "/apis", "/apis/*", "/readyz"], verbs: ["get"] },
};

const blueRules: readonly Rule[] = [
  {
    why: "all kinds are exported, also those of CRDs that nobody named; Secrets too, and they are encrypted in the bundle",
    rule: { apiGroups: ["*"], resources: ["*"], verbs: ["get", "list", "watch"] },
  },
  discovery,
];

const greenRules: readonly Rule[] = [
  {
    why: "all kinds of blue are created in green, finished by status and field managers, and compared; * covers subresources",
    rule: { apiGroups: ["*"], resources: ["*"], verbs: ["get", "list", "watch", "create", "update", "patch"] },
  },
  {
    why: "blue's roles and bindings may grant what this role lacks (delete, impersonate), and are replayed all the same",
    rule: { apiGroups: [rbac], resources: ["roles", "clusterroles"], verbs: ["bind", "escalate"] },
  },
  discovery,
];

/**
 * What a cluster's administrator applies to blue: an identity that can only read. Beware that `get` on all resources covers
 * subresources such as pods/exec, which RBAC can't take away again; clustershift's own client sends GETs of objects only.
 */
export function bluePermissions(): KubeObject[] {
  const name = "clustershift-blue";
  return [namespaceObject(), serviceAccount(name), clusterRole(name, blueRules), clusterBinding(name)];
}

/**
 * What green's administrator applies: less than cluster-admin, since it can delete nothing and impersonate nobody. In the end
 * it is as powerful, as anyone is who may write all roles and bindings: remove it when the run is over.
 */
export function greenPermissions(): KubeObject[] {
  const name = "clustershift-green";
  return [namespaceObject(), serviceAccount(name), clusterRole(name, greenRules), clusterBinding(name)];
}

function namespaceObject(): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
}

function serviceAccount(name: string): KubeObject {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } };
}

/** The reasons go into an annotation, rule by rule, so that whoever finds the role in a cluster can read them. */
function clusterRole(name: string, rules: readonly Rule[]): KubeObject {
  const why = rules.map(({ why }, index) => `${index + 1}. ${why}`).join("\n");
  return {
    apiVersion: `${rbac}/v1`,
    kind: "ClusterRole",
    metadata: { name, annotations: { "clustershift.dev/why": why } },
    rules: rules.map(({ rule }) => rule),
  };
}

function clusterBinding(name: string): KubeObject {
  return {
    apiVersion: `${rbac}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
    subjects: [{ kind: "ServiceAccount", name, namespace }],
  };
}
