import { identityNames, namespace } from "../../kube/permissions.js";
import { isObject, listAt, textAt } from "../../model/json.js";
import { type KubeObject, type OwnerReference, refOf } from "../../model/objects.js";
import { rbacKinds } from "./bootstrap.js";
import { perClusterKinds } from "./per-cluster-kinds.js";
import type { Rule } from "./rule.js";

const installerConfigMaps =
  /^(kube-system\/(kubeadm-config|kubelet-config.*|aws-auth|amazon-vpc-cni|kops-.*|cluster-autoscaler-status)|kube-public\/cluster-info)$/;

const leaderAnnotation = "control-plane.alpha.kubernetes.io/leader";

/** Annotation of a PersistentVolume that a provisioner made. */
const provisionedBy = "pv.kubernetes.io/provisioned-by";
const sharedSources = ["hostPath", "nfs", "local"];

/** What belongs to blue as a cluster, or to a moment of it. */
export const perClusterRules: readonly Rule[] = [
  {
    id: "being-deleted",
    ending: "skipped",
    reason: "It is being deleted on blue.",
    applies: ({ metadata }) => metadata.deletionTimestamp !== undefined,
  },
  {
    id: "own-state",
    ending: "skipped",
    reason: "The clustershift namespace holds the state of an earlier run.",
    applies: ({ kind, metadata }) =>
      metadata.namespace === namespace || (kind === "Namespace" && metadata.name === namespace),
  },
  {
    id: "own-identity",
    ending: "skipped",
    reason: "It lets clustershift itself into blue; whoever administers green gives it what it may do there.",
    kinds: rbacKinds,
    applies: isOwnIdentity,
  },
  {
    id: "per-cluster-kind",
    ending: "skipped",
    reason: "Objects of this kind describe blue itself; green has its own.",
    kinds: Object.keys(perClusterKinds),
    applies: () => true,
  },
  {
    id: "namespace-left-behind",
    ending: "skipped",
    reason: "Its namespace stays behind.",
    applies: ({ metadata }, context) =>
      metadata.namespace !== undefined && context.namespaceLeftBy(metadata.namespace) !== undefined,
  },
  {
    id: "definition-left-behind",
    ending: "skipped",
    reason: "The definition of its kind stays behind, and green doesn't serve the kind itself.",
    applies: (object, context) => context.definitionLeftBy(refOf(object)) !== undefined,
  },
  {
    id: "leader-election",
    ending: "skipped",
    reason: "Says who leads in blue; leaders elect themselves anew.",
    kinds: ["ConfigMap", "Endpoints"],
    applies: (object) => object.metadata.annotations?.[leaderAnnotation] !== undefined || isLockForLife(object),
  },
  {
    id: "mirror-pod",
    ending: "skipped",
    reason: "Mirrors a static pod of one of blue's nodes.",
    kinds: ["Pod"],
    applies: ({ metadata }) =>
      metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined ||
      metadata.ownerReferences?.some(({ kind, controller }) => kind === "Node" && controller === true) === true,
  },
  {
    id: "finished-pod",
    ending: "skipped",
    reason: "It has finished; copied it would run again.",
    kinds: ["Pod"],
    applies: (object, context) =>
      context.controller(object) === undefined &&
      ["Succeeded", "Failed"].includes(textAt(object, "status", "phase") ?? ""),
  },
  {
    id: "finished-job",
    ending: "skipped",
    reason: "It has finished; copied it would run again.",
    kinds: ["Job.batch"],
    applies: (object, context) =>
      context.controller(object) === undefined &&
      listAt(object, "status", "conditions").some(
        (condition) =>
          isObject(condition) &&
          ["Complete", "Failed"].includes(textAt(condition, "type") ?? "") &&
          condition.status === "True",
      ),
  },
  {
    // A claim of green's with the same handle and reclaim policy Delete would destroy blue's disk.
    id: "volumes-later",
    ending: "skipped",
    reason:
      "It names a disk that blue still uses. Green's claims get volumes of their own; the data moves by snapshots.",
    kinds: ["PersistentVolume"],
    applies: (object) =>
      object.metadata.annotations?.[provisionedBy] !== undefined ||
      !sharedSources.some((source) => isObject(object.spec) && object.spec[source] !== undefined),
  },
  {
    id: "snapshots-later",
    ending: "skipped",
    reason: "It names a snapshot that blue still owns; deleted on green, it would be gone on blue.",
    kinds: [
      "VolumeSnapshot.snapshot.storage.k8s.io",
      "VolumeSnapshotContent.snapshot.storage.k8s.io",
      "VolumeGroupSnapshot.groupsnapshot.storage.k8s.io",
      "VolumeGroupSnapshotContent.groupsnapshot.storage.k8s.io",
    ],
    applies: () => true,
  },
  {
    id: "bootstrap-token",
    ending: "skipped",
    reason: "Lets nodes join blue.",
    kinds: ["Secret"],
    applies: (object) => object.type === "bootstrap.kubernetes.io/token",
  },
  {
    id: "installer-config",
    ending: "skipped",
    reason: "Says how blue was installed, or who its nodes are; green's installer writes its own.",
    kinds: ["ConfigMap"],
    applies: ({ metadata }) => installerConfigMaps.test(`${metadata.namespace}/${metadata.name}`),
  },
];

/** The role of an identity of ours, or a binding that is for our identities alone, whoever wrote it. */
function isOwnIdentity(object: KubeObject): boolean {
  if (identityNames.includes(object.metadata.name)) return true;
  const subjects = listAt(object, "subjects");
  return (
    subjects.length > 0 &&
    subjects.every((each) => textAt(each, "kind") === "ServiceAccount" && textAt(each, "namespace") === namespace)
  );
}

/** Operators that lead for life hold an empty ConfigMap that only the end of their pod removes. */
function isLockForLife({ kind, data, binaryData, metadata: { ownerReferences = [] } }: KubeObject): boolean {
  const isEmpty = data === undefined && binaryData === undefined;
  return kind === "ConfigMap" && isEmpty && ownerReferences.length > 0 && ownerReferences.every(isPod);
}

function isPod({ apiVersion, kind }: OwnerReference): boolean {
  return apiVersion === "v1" && kind === "Pod";
}
