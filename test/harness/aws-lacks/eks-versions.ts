/** Versions of Kubernetes that EKS has in these tests, the newest first. */
export const clusterVersions = ["1.35", "1.34", "1.33", "1.32"] as const;

/** EKS's managed add-ons, with the version that fits each of Kubernetes: made up, in AWS's form. */
export const addOnNames = [
  "aws-ebs-csi-driver",
  "coredns",
  "eks-pod-identity-agent",
  "kube-proxy",
  "metrics-server",
  "snapshot-controller",
  "vpc-cni",
] as const;

/** The versions of an add-on that fit a version of Kubernetes, the default first. */
export function addOnVersions(kubernetes: string): string[] {
  const [, minor = "0"] = kubernetes.split(".");
  return [`v1.${minor}.1-eksbuild.2`, `v1.${minor}.0-eksbuild.1`];
}
