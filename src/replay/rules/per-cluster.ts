import { kindKey, refOf } from "../../model/objects.js";
import { isObject, listAt, textAt } from "../json.js";
import type { Rule } from "./rule.js";

/** Kinds that describe blue itself, and would be untrue or harmful on green. A flat table: one line a kind. */
const perClusterKinds: Record<string, string> = {
  Node: "nodes join by themselves",
  "CSINode.storage.k8s.io": "each kubelet writes its own",
  "VolumeAttachment.storage.k8s.io": "says which of blue's nodes holds which volume",
  "CSIStorageCapacity.storage.k8s.io": "each cluster's storage driver measures its own",
  "Lease.coordination.k8s.io": "who leads or lives in blue",
  "LeaseCandidate.coordination.k8s.io": "who would lead in blue",
  Event: "blue's history stays in the export",
  "Event.events.k8s.io": "blue's history stays in the export",
  ComponentStatus: "measured on each request",
  "CertificateSigningRequest.certificates.k8s.io": "asks blue's certificate authority",
  "PodCertificateRequest.certificates.k8s.io": "asks blue's certificate authority",
  "NodeMetrics.metrics.k8s.io": "measured on each request",
  "PodMetrics.metrics.k8s.io": "measured on each request",
  "StorageVersion.internal.apiserver.k8s.io": "how blue's API servers store",
  "IPAddress.networking.k8s.io": "allocated for blue's Services",
  "ServiceCIDR.networking.k8s.io": "blue's own address range",
  "ResourceSlice.resource.k8s.io": "devices of blue's nodes",
  "IPPool.crd.projectcalico.org": "the address range of blue's pods",
  "BlockAffinity.crd.projectcalico.org": "addresses of blue's nodes",
  "IPAMBlock.crd.projectcalico.org": "addresses of blue's pods",
  "IPAMHandle.crd.projectcalico.org": "addresses of blue's pods",
  "IPAMConfig.crd.projectcalico.org": "addresses of blue's pods",
  "ClusterInformation.crd.projectcalico.org": "names blue",
  "CiliumEndpoint.cilium.io": "blue's pods",
  "CiliumIdentity.cilium.io": "blue's pods",
  "CiliumNode.cilium.io": "blue's nodes",
  "CNINode.vpcresources.k8s.aws": "blue's nodes",
};

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
      metadata.namespace === "clustershift" || (kind === "Namespace" && metadata.name === "clustershift"),
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
    applies: ({ metadata }) => metadata.annotations?.[leaderAnnotation] !== undefined,
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
    kinds: ["VolumeSnapshot.snapshot.storage.k8s.io", "VolumeSnapshotContent.snapshot.storage.k8s.io"],
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

/** Why a whole kind stays behind, or undefined where its objects are judged one by one. */
export function perClusterKind(kind: { group: string; kind: string }): string | undefined {
  return perClusterKinds[kindKey(kind)];
}
