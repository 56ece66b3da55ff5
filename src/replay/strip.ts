import { at, isObject, listAt, objectAt, textAt } from "../model/json.js";
import { groupOf, type JsonObject, type KubeObject, kindKey } from "../model/objects.js";
import { volumeAnnotation } from "./changes/adaptations/claim-volumes.js";
import { isTokenName } from "./rules/derived.js";

/** One thing that blue's server or controllers wrote into an object, and that green's write anew. */
export interface StripRule {
  /** Stable, kebab-case, documented. */
  id: string;
  /** One sentence: what goes, and why. */
  reason: string;
  /** `Kind.group` of what it looks at; absent for any kind. */
  kinds?: readonly string[];
  /** Changes the object that it is given: `strip` hands it a copy. */
  strip(object: KubeObject): void;
}

/** Annotations of the Deployment controller's own; people write others with its prefix. */
const rollouts =
  /^(deployment\.kubernetes\.io\/(revision|revision-history|desired-replicas|max-replicas)|deprecated\.daemonset\.template\.generation)$/;

const builtInGroups = /^$|^(apps|batch|autoscaling|policy|extensions)$|\.k8s\.io$/;

/** Everything that is taken off an object on its way. Node ports stay, since load balancers outside point at them. */
export const stripRules: readonly StripRule[] = [
  {
    id: "pod-topology-labels",
    reason:
      "From 1.35 on, a bound pod has its node's zone and region as labels that nobody owns; green's says where it stands there.",
    kinds: ["Pod"],
    strip: dropTopologyLabels,
  },
  {
    id: "server-metadata",
    reason: "Identity and bookkeeping that each API server gives.",
    strip({ metadata }) {
      for (const field of [
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "selfLink",
        "managedFields",
      ]) {
        delete metadata[field];
      }
    },
  },
  {
    id: "status",
    reason: "Controllers observe green and write its own.",
    strip(object) {
      delete object.status;
    },
  },
  {
    id: "template-timestamps",
    reason: "`creationTimestamp: null` in templates is how old servers print nothing.",
    strip(object) {
      // A custom resource is its author's: there null may mean something.
      if (builtInGroups.test(groupOf(object.apiVersion))) dropNullTimestamps(object);
    },
  },
  {
    id: "cluster-ip",
    reason: "Green has another address range. `None` stays: it makes a Service headless.",
    kinds: ["Service"],
    strip(object) {
      const spec = objectAt(object, "spec");
      if (spec.clusterIP === "None") return;
      delete spec.clusterIP;
      delete spec.clusterIPs;
    },
  },
  {
    id: "load-balancer-finalizer",
    reason: "Green's service controller sets it when it makes a load balancer; without one nobody would remove it.",
    kinds: ["Service"],
    strip({ metadata }) {
      keepIn(metadata, "finalizers", (name) => name !== "service.kubernetes.io/load-balancer-cleanup");
    },
  },
  {
    id: "pod-placement",
    reason: "The scheduler and admission of green decide.",
    kinds: ["Pod"],
    strip(object) {
      const spec = objectAt(object, "spec");
      delete spec.nodeName;
      delete spec.priority;
      dropAnnotations(object, /^(cni\.projectcalico\.org\/|kubernetes\.io\/(psp|limit-ranger)$)/);
    },
  },
  {
    id: "pod-token",
    reason: "Admission mounts a token of green's.",
    kinds: ["Pod"],
    strip: dropTokenVolume,
  },
  {
    id: "claim-binding",
    reason: "The volume that it is bound to is blue's; one that the change claim-volumes names is green's, and stays.",
    kinds: ["PersistentVolumeClaim"],
    strip(object) {
      const spec = objectAt(object, "spec");
      if (spec.volumeName !== object.metadata.annotations?.[volumeAnnotation]) delete spec.volumeName;
      dropAnnotations(
        object,
        /^(pv\.kubernetes\.io\/|volume(\.beta)?\.kubernetes\.io\/(storage-provisioner|selected-node)$)/,
      );
    },
  },
  {
    id: "volume-binding",
    reason: "Keeps the claim's name, so that the same claim binds; its UID is another on green.",
    kinds: ["PersistentVolume"],
    strip(object) {
      const claim = objectAt(object, "spec", "claimRef");
      delete claim.uid;
      delete claim.resourceVersion;
      dropAnnotations(object, /^pv\.kubernetes\.io\/bound-by-controller$/);
    },
  },
  {
    id: "job-selector",
    reason: "Made from the Job's UID, unless manualSelector says otherwise.",
    kinds: ["Job.batch"],
    strip(object) {
      dropAnnotations(object, /^batch\.kubernetes\.io\/job-tracking$/);
      if (at(object, "spec", "manualSelector") === true) return;
      delete objectAt(object, "spec").selector;
      for (const labels of [object.metadata.labels, objectAt(object, "spec", "template", "metadata", "labels")]) {
        for (const label of ["controller-uid", "job-name"]) {
          delete labels?.[label];
          delete labels?.[`batch.kubernetes.io/${label}`];
        }
      }
    },
  },
  {
    id: "revision",
    reason: "Counts blue's rollouts.",
    kinds: ["Deployment.apps", "DaemonSet.apps", "ReplicaSet.apps"],
    strip(object) {
      dropAnnotations(object, rollouts);
    },
  },
  {
    id: "account-tokens",
    reason: "Names of tokens that the token controller made by itself; since 1.24 it no longer does.",
    kinds: ["ServiceAccount"],
    strip(object) {
      const { name } = object.metadata;
      keepIn(object, "secrets", (secret) => !isTokenName(textAt(secret, "name") ?? "", name));
    },
  },
  {
    id: "token-data",
    reason: "Signed by blue; green's token controller fills in its own.",
    kinds: ["Secret"],
    strip(object) {
      if (object.type !== "kubernetes.io/service-account-token") return;
      dropAnnotations(object, /^kubernetes\.io\/service-account\.uid$/);
      const data = objectAt(object, "data");
      for (const key of ["token", "ca.crt", "namespace"]) delete data[key];
      dropEmpty(object, "data");
    },
  },
  {
    id: "namespace-finalizers",
    reason: "Each API server sets its own.",
    kinds: ["Namespace"],
    strip(object) {
      delete objectAt(object, "spec").finalizers;
      dropEmpty(object, "spec");
    },
  },
  {
    id: "autoscaler-status",
    reason: "What autoscaling/v1, the newest version that servers before 1.23 share with today's, shows of the status.",
    kinds: ["HorizontalPodAutoscaler.autoscaling"],
    strip(object) {
      dropAnnotations(object, /^autoscaling\.alpha\.kubernetes\.io\/(conditions|current-metrics)$/);
    },
  },
  {
    id: "aggregated-rules",
    reason: "A controller gathers them from the roles that the aggregation rule selects.",
    kinds: ["ClusterRole.rbac.authorization.k8s.io"],
    strip(object) {
      if (isObject(object.aggregationRule)) delete object.rules;
    },
  },
];

/** A copy without what the rules take off. Stripping twice is stripping once. */
export function strip(object: KubeObject): KubeObject {
  const copy = structuredClone(object);
  for (const rule of rulesFor(object)) rule.strip(copy);
  return copy;
}

/** The same, one rule after the other. */
export function stripped(object: KubeObject): { rule: StripRule; before: KubeObject; after: KubeObject }[] {
  let before = object;
  return rulesFor(object).map((rule) => {
    const after = structuredClone(before);
    rule.strip(after);
    const step = { rule, before, after };
    before = after;
    return step;
  });
}

function rulesFor({ apiVersion, kind }: KubeObject): StripRule[] {
  const key = kindKey({ group: groupOf(apiVersion), kind });
  return stripRules.filter(({ kinds }) => kinds === undefined || kinds.includes(key));
}

/** Before the bookkeeping goes, which tells: what a person wrote has an owner. */
function dropTopologyLabels(object: KubeObject): void {
  const { labels, managedFields = [] } = object.metadata;
  if (!labels || managedFields.length === 0 || at(object, "spec", "nodeName") === undefined) return;
  for (const key of ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"]) {
    const isOwned = managedFields.some(
      (entry) => at(entry, "fieldsV1", "f:metadata", "f:labels", `f:${key}`) !== undefined,
    );
    if (!isOwned) delete labels[key];
  }
  dropEmpty(object.metadata, "labels");
}

function dropNullTimestamps(value: unknown): void {
  if (Array.isArray(value)) for (const item of value) dropNullTimestamps(item);
  if (!isObject(value)) return;
  for (const [field, inner] of Object.entries(value)) {
    if (field === "metadata" && isObject(inner) && inner.creationTimestamp === null) {
      delete inner.creationTimestamp;
    }
    dropNullTimestamps(inner);
  }
}

/** Admission refuses a pod that mounts a token Secret which isn't there, and adds its own where nothing is mounted. */
function dropTokenVolume(object: KubeObject): void {
  const spec = objectAt(object, "spec");
  const account = textAt(spec, "serviceAccountName") ?? "default";
  const isToken = (name: string) => /^kube-api-access-[a-z0-9]{5}$/.test(name) || isTokenName(name, account);
  const gone = new Set(
    listAt(spec, "volumes")
      .flatMap((volume) => textAt(volume, "name") ?? [])
      .filter(isToken),
  );
  if (gone.size === 0) return;
  keepIn(spec, "volumes", (volume) => !gone.has(textAt(volume, "name") ?? ""));
  for (const list of ["containers", "initContainers", "ephemeralContainers"]) {
    for (const container of listAt(spec, list)) {
      if (isObject(container)) keepIn(container, "volumeMounts", (mount) => !gone.has(textAt(mount, "name") ?? ""));
    }
  }
}

function dropAnnotations({ metadata }: KubeObject, pattern: RegExp): void {
  for (const name of Object.keys(metadata.annotations ?? {})) {
    if (pattern.test(name)) delete metadata.annotations?.[name];
  }
  dropEmpty(metadata, "annotations");
}

function keepIn(holder: JsonObject, field: string, keep: (item: unknown) => boolean): void {
  const list = holder[field];
  if (!Array.isArray(list)) return;
  holder[field] = list.filter(keep);
  dropEmpty(holder, field);
}

function dropEmpty(holder: JsonObject, field: string): void {
  const value = holder[field];
  if (Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0) {
    delete holder[field];
  }
}
