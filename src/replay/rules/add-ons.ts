import { rbacKinds } from "./bootstrap.js";
import type { Rule } from "./rule.js";

/** kops add-ons that a new cluster brings in its own version. Storage classes, limit ranges and autoscalers are not here. */
const kopsAddOns =
  /^(networking\..*|coredns\.addons\.k8s\.io|kube-dns\.addons\.k8s\.io|dns-controller\.addons\.k8s\.io|kops-controller\.addons\.k8s\.io|kubelet-api\.rbac\.addons\.k8s\.io|rbac\.addons\.k8s\.io|aws-cloud-controller\.addons\.k8s\.io|aws-ebs-csi-driver\.addons\.k8s\.io|core\.addons\.k8s\.io|authentication\..*)$/;

/** Names, in kube-system, of what gives a cluster its network and its DNS. */
const names = new Set(
  `aws-cloud-controller-manager aws-node calico-config calico-kube-controllers calico-node calico-typha canal cilium
  cilium-config cilium-operator coredns coredns-autoscaler dns-controller ebs-csi-controller ebs-csi-controller-sa
  ebs-csi-node ebs-csi-node-sa eks-admin kops-controller kube-dns kube-dns-autoscaler kube-flannel-cfg kube-flannel-ds
  kube-proxy kube-proxy-config node-local-dns vpc-resource-controller weave-net`.split(/\s+/),
);

/** Cluster-scoped RBAC of the same. */
const clusterNames = new Set(
  `aws-node calico-kube-controllers calico-node cilium cilium-operator kops-controller kops:dns-controller
  kops:kube-dns-autoscaler kops-controller system:coredns eks:kube-proxy`.split(/\s+/),
);

/** What green brings itself: configuration that differs is for a person to carry over. */
export const addOnRules: readonly Rule[] = [
  {
    id: "kops-add-on",
    ending: "skipped",
    reason: "Part of how kops runs a cluster; green brings its own in its own version.",
    // Keys and certificates stay in play, here and below, whoever labelled them: others may need them.
    applies: ({ kind, metadata }) =>
      kind !== "Secret" &&
      [metadata.labels?.["k8s-addon"], metadata.labels?.["addon.kops.k8s.io/name"]].some(
        (name) => name !== undefined && kopsAddOns.test(name),
      ),
  },
  {
    id: "network-add-on",
    ending: "skipped",
    reason: "Gives blue its network or DNS; green brings its own in its own version.",
    applies: ({ kind, metadata }) => {
      if (metadata.namespace === "kube-system") {
        return kind !== "Secret" && (names.has(metadata.name) || names.has(metadata.labels?.["k8s-app"] ?? ""));
      }
      return (kind === "ClusterRole" || kind === "ClusterRoleBinding") && clusterNames.has(metadata.name);
    },
  },
  {
    id: "installer-rbac",
    ending: "skipped",
    reason: "What an installer (EKS, kops, kubeadm) lets its own parts do; green's brings its own.",
    kinds: rbacKinds,
    applies: ({ metadata }) => /^(eks|kops|kubeadm):/.test(metadata.name),
  },
];
