import { isObject, listAt, objectAt, textAt } from "../../model/json.js";
import { groupOf, type KubeObject, kindKey } from "../../model/objects.js";
import { isBootstrapRbac, isEditedBootstrap, rbacKinds } from "./bootstrap.js";
import { controllerAccounts } from "./controller-accounts.js";
import type { Rule } from "./rule.js";

/** What Kubernetes's own controllers make anew from its owner: owner -> what it makes. */
export const madeByOwner: Record<string, readonly string[]> = {
  "Deployment.apps": ["ReplicaSet.apps"],
  "DaemonSet.apps": ["Pod", "ControllerRevision.apps"],
  "StatefulSet.apps": ["Pod", "ControllerRevision.apps"],
  "CronJob.batch": ["Job.batch"],
  Pod: ["PersistentVolumeClaim", "ResourceClaim.resource.k8s.io"],
  Service: ["EndpointSlice.discovery.k8s.io"],
  "Rollout.argoproj.io": ["AnalysisRun.argoproj.io", "Experiment.argoproj.io"],
};

const sliceControllers = ["endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io"];

/** What green makes by itself, from what it gets or because it is a cluster. */
export const derivedRules: readonly Rule[] = [
  {
    id: "made-by-owner",
    ending: "derived",
    reason: "Its owner arrives, and the owner's controller makes it anew.",
    applies: (object, context) => {
      const owner = context.controller(object);
      if (!owner) return false;
      const kind = kindKey({ group: groupOf(object.apiVersion), kind: object.kind });
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
      // What it made for a Service that is gone already says so since 1.33.
      if (metadata.labels?.["endpoints.kubernetes.io/managed-by"] === "endpoint-controller") return true;
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
    reason: "A controller puts the certificate authority of green, or of its mesh, into each namespace.",
    kinds: ["ConfigMap", "ClusterTrustBundle.certificates.k8s.io"],
    applies: (object) =>
      object.kind === "ConfigMap"
        ? isRootCa(object.metadata)
        : textAt(object, "spec", "signerName")?.startsWith("kubernetes.io/") === true,
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
    applies: (object) =>
      object.metadata.annotations?.["apf.kubernetes.io/autoupdate-spec"] === "true" ||
      ["exempt", "catch-all"].includes(object.metadata.name) ||
      isOnlyFlowControlsOwn(object),
  },
  {
    id: "system-priority-class",
    ending: "derived",
    reason: "The API server makes its own.",
    kinds: ["PriorityClass.scheduling.k8s.io"],
    applies: ({ metadata }) => metadata.name.startsWith("system-"),
  },
  {
    id: "copied-by-olm",
    ending: "derived",
    reason: "The Operator Lifecycle Manager copies it from the namespace where it was installed.",
    kinds: ["ClusterServiceVersion.operators.coreos.com"],
    applies: ({ metadata }) => metadata.labels?.["olm.copiedFrom"] !== undefined,
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

/** `openshift-service-ca.crt` and Istio's are published into every namespace in the same way. */
function isRootCa({ name, labels }: KubeObject["metadata"]): boolean {
  return (
    ["kube-root-ca.crt", "openshift-service-ca.crt"].includes(name) ||
    (name === "istio-ca-root-cert" && labels?.["istio.io/config"] === "true")
  );
}

/** Up to 1.21 the API server didn't mark what it made for flow control; who wrote it tells. */
function isOnlyFlowControlsOwn({ metadata: { managedFields = [] } }: KubeObject): boolean {
  return (
    managedFields.length > 0 &&
    managedFields.every((entry) => (textAt(entry, "manager") ?? "").startsWith("api-priority-and-fairness-config-"))
  );
}

/** `NAME-token-x7k2p`: the names that the token controller gave. */
export function isTokenName(name: string, account: string): boolean {
  return name.startsWith(`${account}-token-`) && /^[a-z0-9]{5}$/.test(name.slice(account.length + 7));
}
