import { blueSwitches, type ExclusiveRule } from "../model/exclusive.js";
import type { KubeObject } from "../model/objects.js";

/** One rule of a role, and why clustershift asks for it. */
interface Rule {
  why: string;
  rule: {
    apiGroups?: string[];
    resources?: string[];
    resourceNames?: string[];
    nonResourceURLs?: string[];
    verbs: string[];
  };
}

/** Of the identities, of copies of records, and of pods that ask: what clustershift has of its own in a cluster. */
export const namespace = "clustershift";
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
    why: "a claim that has an earlier copy can't be given the later one, but by being made anew: only claims and volumes whose volumes are copied",
    rule: { apiGroups: [""], resources: ["persistentvolumeclaims", "persistentvolumes"], verbs: ["delete"] },
  },
  {
    why: "where Velero restores files of Pods, it makes Pods for it, which are taken away when the files are there: only those",
    rule: { apiGroups: [""], resources: ["pods"], verbs: ["delete"] },
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
 * What green's administrator applies: less than cluster-admin, since it can delete nothing but claims, volumes and Pods, and impersonate nobody.
 * In the end it is as powerful, as anyone is who may write all roles and bindings: remove it when the run is over.
 */
export function greenPermissions(): KubeObject[] {
  const name = "clustershift-green";
  return [namespaceObject(), serviceAccount(name), clusterRole(name, greenRules), clusterBinding(name)];
}

/**
 * What blue's administrator applies besides, where workloads are handed over (workloads.exclusive): an identity of its own that
 * can only read and patch the kinds that `rules` select, and the objects by name where every rule gives names. RBAC can't say which
 * field may be patched; clustershift's own client patches the one that stops a workload. Without rules all kinds that can be exclusive.
 */
export function blueHandOverPermissions(rules: readonly ExclusiveRule[] = []): KubeObject[] {
  const name = "clustershift-blue-hand-over";
  return [namespaceObject(), serviceAccount(name), clusterRole(name, handOverRules(rules)), clusterBinding(name)];
}

/**
 * What blue's administrator applies besides, where blue is drained before it's removed (blue.teardown.drain): an identity of its own that
 * can only read and delete Services and Ingresses. RBAC can't say of which type; clustershift's own client deletes Services of type
 * LoadBalancer and Ingresses of the AWS Load Balancer Controller, exactly those that it has looked at.
 */
export function blueDrainPermissions(): KubeObject[] {
  const name = "clustershift-blue-drain";
  return [namespaceObject(), serviceAccount(name), clusterRole(name, drainRules), clusterBinding(name)];
}

/**
 * What blue's administrator applies besides, where blue's Velero is to make a backup (backup.velero): an identity of its own that can create
 * backups in Velero's namespace, and read how they end and where they lie.
 */
export function blueBackupPermissions(velero = "velero"): KubeObject[] {
  const name = "clustershift-blue-backup";
  return [
    ...[namespaceObject(), serviceAccount(name), clusterRole(name, [thisCluster]), clusterBinding(name)],
    ...[role(name, velero, backupRules), roleBinding(name, velero)],
  ];
}

const backupRules: readonly Rule[] = [
  {
    why: "backup create has Velero make a backup, and waits until it has ended; nothing is changed or deleted",
    rule: { apiGroups: ["velero.io"], resources: ["backups"], verbs: ["get", "create"] },
  },
  {
    why: "in which bucket a backup lies, so that what Velero says of it can be read there",
    rule: { apiGroups: ["velero.io"], resources: ["backupstoragelocations"], verbs: ["get"] },
  },
];

const thisCluster: Rule = {
  why: "which cluster this is: only the blue of the plan is written to",
  rule: { apiGroups: [""], resources: ["namespaces"], resourceNames: ["kube-system"], verbs: ["get"] },
};

const drainRules: readonly Rule[] = [
  {
    why: "Services of type LoadBalancer are deleted, so that blue's controllers delete their load balancers",
    rule: { apiGroups: [""], resources: ["services"], verbs: ["get", "delete"] },
  },
  {
    why: "Ingresses of the AWS Load Balancer Controller likewise",
    rule: { apiGroups: ["networking.k8s.io", "extensions"], resources: ["ingresses"], verbs: ["get", "delete"] },
  },
  thisCluster,
];

const handOverKinds = Object.keys(blueSwitches).map((key) => {
  const dot = key.indexOf(".");
  return { kind: key.slice(0, dot), group: key.slice(dot + 1), resource: `${key.slice(0, dot).toLowerCase()}s` };
});

function handOverRules(rules: readonly ExclusiveRule[]): Rule[] {
  const scaledObjects = "scaledobjects";
  const chosen = handOverKinds.flatMap(({ kind, group, resource }): Rule[] => {
    const about = rules.filter(({ select }) => (select.kind ?? kind) === kind && (select.group ?? group) === group);
    // KEDA's objects are found by what they scale: no rule needs to name them.
    if (rules.length > 0 && about.length === 0 && resource !== scaledObjects) return [];
    const names = about.map(({ select }) => select.name ?? "*");
    const byName = about.length > 0 && resource !== scaledObjects && !names.some((each) => each.includes("*"));
    return [
      {
        why:
          resource === scaledObjects
            ? "an annotation pauses what KEDA scales, and is taken off again; not needed where nothing exclusive is scaled by KEDA"
            : `${resource} that are exclusive are stopped here before green's are released, and started again by a rollback`,
        rule: {
          apiGroups: [group],
          resources: [resource],
          ...(byName && { resourceNames: [...new Set(names)].sort() }),
          verbs: ["get", "patch"],
        },
      },
    ];
  });
  return [...chosen, thisCluster];
}

function namespaceObject(): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
}

function serviceAccount(name: string): KubeObject {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } };
}

function clusterRole(name: string, rules: readonly Rule[]): KubeObject {
  return {
    apiVersion: `${rbac}/v1`,
    kind: "ClusterRole",
    metadata: { name, annotations: reasonsOf(rules) },
    rules: rules.map(({ rule }) => rule),
  };
}

function role(name: string, namespace: string, rules: readonly Rule[]): KubeObject {
  return {
    apiVersion: `${rbac}/v1`,
    kind: "Role",
    metadata: { name, namespace, annotations: reasonsOf(rules) },
    rules: rules.map(({ rule }) => rule),
  };
}

/** The reasons go into an annotation, rule by rule, so that whoever finds the role in a cluster can read them. */
function reasonsOf(rules: readonly Rule[]): Record<string, string> {
  return { "clustershift.dev/why": rules.map(({ why }, index) => `${index + 1}. ${why}`).join("\n") };
}

function roleBinding(name: string, within: string): KubeObject {
  return {
    apiVersion: `${rbac}/v1`,
    kind: "RoleBinding",
    metadata: { name, namespace: within },
    roleRef: { apiGroup: rbac, kind: "Role", name },
    subjects: [{ kind: "ServiceAccount", name, namespace }],
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

/** The names of all of these: of a ServiceAccount, a ClusterRole and a ClusterRoleBinding each. */
export const identityNames: readonly string[] = [
  bluePermissions,
  greenPermissions,
  blueHandOverPermissions,
  blueDrainPermissions,
  blueBackupPermissions,
].flatMap((permissions) =>
  permissions().flatMap(({ kind, metadata }) => (kind === "ServiceAccount" ? [metadata.name] : [])),
);
