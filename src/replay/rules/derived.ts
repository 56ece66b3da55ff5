import { kindKey } from "../../model/objects.js";
import { isObject, listAt, objectAt, textAt } from "../json.js";
import type { Rule } from "./rule.js";

/** What Kubernetes's own controllers make anew from its owner: owner -> what it makes. */
const madeByOwner: Record<string, readonly string[]> = {
  "Deployment.apps": ["ReplicaSet.apps"],
  "DaemonSet.apps": ["Pod", "ControllerRevision.apps"],
  "StatefulSet.apps": ["Pod", "ControllerRevision.apps"],
  "CronJob.batch": ["Job.batch"],
  Pod: ["PersistentVolumeClaim", "ResourceClaim.resource.k8s.io"],
  Service: ["EndpointSlice.discovery.k8s.io"],
};

const sliceControllers = ["endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io"];

/** ServiceAccounts in kube-system that the controller manager makes for its own controllers. */
const controllerAccounts = new Set(
  `attachdetach-controller aws-cloud-provider bootstrap-signer certificate-controller cloud-provider
  clusterrole-aggregation-controller cronjob-controller daemon-set-controller deployment-controller
  device-taint-eviction-controller disruption-controller endpoint-controller endpointslice-controller
  endpointslicemirroring-controller ephemeral-volume-controller expand-controller generic-garbage-collector
  horizontal-pod-autoscaler job-controller legacy-service-account-token-cleaner namespace-controller node-controller
  persistent-volume-binder pod-garbage-collector podcertificaterequestcleaner-controller pv-protection-controller
  pvc-protection-controller replicaset-controller replication-controller resource-claim-controller
  resourcequota-controller root-ca-cert-publisher route-controller selinux-warning-controller
  service-account-controller service-cidrs-controller service-controller shared-informers statefulset-controller
  storage-version-migrator-controller storageversion-garbage-collector token-cleaner ttl-after-finished-controller
  ttl-controller validatingadmissionpolicy-status-controller volumeattributesclass-protection-controller`.split(/\s+/),
);

/** Managers whose changes to bootstrap RBAC are Kubernetes's own. */
const bootstrapManagers = ["kube-apiserver", "kube-controller-manager", "clusterrole-aggregation-controller"];
const bootstrapLabel = "kubernetes.io/bootstrapping";

/** True where a person or a tool changed a role that the API server made; unknown before 1.18, which kept no managers. */
function isEditedBootstrap(object: { metadata: Parameters<Rule["applies"]>[0]["metadata"] }): boolean {
  const { annotations, managedFields } = object.metadata;
  if (annotations?.["rbac.authorization.kubernetes.io/autoupdate"] === "false") return true;
  return (managedFields ?? []).some(
    (entry) => isObject(entry) && !bootstrapManagers.includes(textAt(entry, "manager") ?? ""),
  );
}

export const rbacKinds = [
  "ClusterRole.rbac.authorization.k8s.io",
  "ClusterRoleBinding.rbac.authorization.k8s.io",
  "Role.rbac.authorization.k8s.io",
  "RoleBinding.rbac.authorization.k8s.io",
];

export function isBootstrapRbac({ metadata }: { metadata: { labels?: Record<string, string> } }): boolean {
  return metadata.labels?.[bootstrapLabel] === "rbac-defaults";
}

/** What green makes by itself, from what it gets or because it is a cluster. */
export const derivedRules: readonly Rule[] = [
  {
    id: "made-by-owner",
    ending: "derived",
    reason: "Its owner arrives, and the owner's controller makes it anew.",
    applies: (object, context) => {
      const owner = context.controller(object);
      if (!owner) return false;
      const kind = kindKey({ group: groupPart(object.apiVersion), kind: object.kind });
      // A pod is a running thing, whoever controls it: copied beside its controller it would run twice.
      return kind === "Pod" || madeByOwner[kindKey(owner)]?.includes(kind) === true;
    },
  },
  {
    id: "api-server-service",
    ending: "derived",
    reason: "The API server makes its own.",
    kinds: ["Service", "Endpoints", "EndpointSlice.discovery.k8s.io"],
    applies: ({ metadata }) => metadata.namespace === "default" && metadata.name === "kubernetes",
  },
  {
    id: "endpoints-of-selector",
    ending: "derived",
    reason: "The endpoints controller makes it from the Service's selector.",
    kinds: ["Endpoints"],
    applies: ({ metadata }, context) => {
      const service = context.service(metadata.namespace ?? "", metadata.name);
      return service !== undefined && Object.keys(objectAt(service, "spec", "selector")).length > 0;
    },
  },
  {
    id: "endpoint-slice-of-service",
    ending: "derived",
    reason: "The endpoint slice controllers make it from the Service or its Endpoints.",
    kinds: ["EndpointSlice.discovery.k8s.io"],
    applies: ({ metadata }) =>
      sliceControllers.includes(metadata.labels?.["endpointslice.kubernetes.io/managed-by"] ?? ""),
  },
  {
    id: "automatic-token",
    ending: "derived",
    reason: "Made for a ServiceAccount by itself; since 1.24 pods get short-lived tokens instead.",
    kinds: ["Secret"],
    applies: (object, context) => {
      if (object.type !== "kubernetes.io/service-account-token") return false;
      const { namespace = "", name, annotations } = object.metadata;
      const account = annotations?.["kubernetes.io/service-account.name"] ?? "";
      // What a person made for a CI system, say, is not among the account's secrets, or has a name of its own.
      return (
        isTokenName(name, account) &&
        listAt(context.serviceAccount(namespace, account), "secrets").some((secret) => textAt(secret, "name") === name)
      );
    },
  },
  {
    id: "root-ca",
    ending: "derived",
    reason: "The controller manager puts green's own certificate authority into each namespace.",
    kinds: ["ConfigMap"],
    applies: ({ metadata }) => metadata.name === "kube-root-ca.crt",
  },
  {
    id: "system-config",
    ending: "derived",
    reason: "The API server writes its own.",
    kinds: ["ConfigMap"],
    applies: ({ metadata }) =>
      metadata.namespace === "kube-system" &&
      ["extension-apiserver-authentication", "kube-apiserver-legacy-service-account-token-tracking"].includes(
        metadata.name,
      ),
  },
  {
    id: "controller-account",
    ending: "derived",
    reason: "The controller manager makes it for one of its own controllers.",
    kinds: ["ServiceAccount"],
    applies: ({ metadata }) => metadata.namespace === "kube-system" && controllerAccounts.has(metadata.name),
  },
  {
    id: "bootstrap-rbac",
    ending: "derived",
    reason: "The API server makes its own, and nobody edited this one.",
    kinds: rbacKinds,
    applies: (object) => isBootstrapRbac(object) && !isEditedBootstrap(object),
  },
  {
    id: "bootstrap-flow-control",
    ending: "derived",
    reason: "The API server makes and updates its own.",
    kinds: ["FlowSchema.flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io"],
    applies: ({ metadata }) =>
      metadata.annotations?.["apf.kubernetes.io/autoupdate-spec"] === "true" ||
      ["exempt", "catch-all"].includes(metadata.name),
  },
  {
    id: "system-priority-class",
    ending: "derived",
    reason: "The API server makes its own.",
    kinds: ["PriorityClass.scheduling.k8s.io"],
    applies: ({ metadata }) => metadata.name.startsWith("system-"),
  },
  {
    id: "local-api-service",
    ending: "derived",
    reason: "The API server registers its own APIs and those of definitions.",
    kinds: ["APIService.apiregistration.k8s.io"],
    applies: (object) =>
      object.metadata.labels?.["kube-aggregator.kubernetes.io/automanaged"] !== undefined ||
      !isObject(objectAt(object, "spec").service),
  },
];

/** `NAME-token-x7k2p`: the names that the token controller gave. */
export function isTokenName(name: string, account: string): boolean {
  return name.startsWith(`${account}-token-`) && /^[a-z0-9]{5}$/.test(name.slice(account.length + 7));
}

function groupPart(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}
