import type { CloudResource } from "../model/cloud.js";

/** `kubernetes.io/cluster/NAME` = `owned` or `shared`: what every Kubernetes controller, kops and EKS write. */
const clusterPrefix = "kubernetes.io/cluster/";

/** Tags whose value names the one cluster that a resource is of, and who writes them. */
const clusterTags: Readonly<Record<string, string>> = {
  "elbv2.k8s.aws/cluster": "the AWS Load Balancer Controller",
  "ingress.k8s.aws/cluster": "the AWS ALB Ingress Controller",
  "kubernetes.io/cluster-name": "the AWS ALB Ingress Controller",
  KubernetesCluster: "Kubernetes before 1.6, and kops",
  "eks:cluster-name": "EKS",
  "aws:eks:cluster-name": "EKS",
  "alpha.eksctl.io/cluster-name": "eksctl",
  "cluster.k8s.amazonaws.com/name": "the VPC CNI",
  "karpenter.k8s.aws/cluster": "Karpenter",
  "eks:eks-cluster-name": "EKS",
  "clustershift:cluster": "clustershift's stacks",
};

/** What a tag says of whose a resource is. */
export interface ClusterTag {
  cluster: string;
  /** Several clusters may use it. */
  shared: boolean;
  /** `the tag elbv2.k8s.aws/cluster=blue` */
  words: string;
}

/** Everything that a resource's tags say of clusters. A name is the whole name: `prod` is not `prod-2`. */
export function clustersOf({ tags }: Pick<CloudResource, "tags">): ClusterTag[] {
  return Object.entries(tags).flatMap(([tag, value]) => {
    const words = `the tag ${tag}=${value}`;
    if (tag.startsWith(clusterPrefix))
      return [{ cluster: tag.slice(clusterPrefix.length), shared: value !== "owned", words }];
    return tag in clusterTags ? [{ cluster: value, shared: false, words }] : [];
  });
}

/** What outlives every cluster: resources of a foundation's stack. */
export const foundationTag = "clustershift:foundation";

/** On a snapshot that a teardown made before it removed blue: whose. */
export const finalSnapshotTag = "clustershift:final-snapshot";
/** Beside it: the run, and the day until which it's to be kept, ISO 8601. */
export const snapshotRunTag = "clustershift:run";
export const keepUntilTag = "clustershift:keep-until";

/** What other tools write on snapshots that are backups. */
const backupTags = ["velero.io/", "aws:backup:", "aws:dlm:", "dlm:"];

/** The tag by which a resource is somebody's backup; undefined where none says so. */
export function backupTagOf({ tags }: Pick<CloudResource, "tags">): string | undefined {
  return Object.keys(tags).find((tag) => backupTags.some((prefix) => tag.startsWith(prefix)));
}
