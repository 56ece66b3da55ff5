import type * as pulumi from "@pulumi/pulumi";
import { allow, volumeKey } from "./policies/statement.js";
import { ServiceRole } from "./service-role.js";
import { podTrust, serviceTrust } from "./trust.js";

export interface RoleContext {
  partition: string;
  clusterName: string;
  /** The foundation's key. */
  keyArn: string;
}

/** Lets the control plane run, and wrap its secrets' keys with the foundation's. */
export function controlPlaneRole(
  { clusterName, partition, keyArn }: RoleContext,
  options: pulumi.ComponentResourceOptions,
): ServiceRole {
  const statements = [allow(["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"], keyArn)];
  const policyArns = ofAws(partition, "AmazonEKSClusterPolicy");
  const args = { trust: serviceTrust("eks"), policyArns, policies: { secrets: statements } };
  return new ServiceRole(`${clusterName}-control-plane`, args, options);
}

/** Lets nodes join and pull images. Networking and volumes are the add-ons' own roles: pods get nothing from a node. */
export function nodeRole(
  { clusterName, partition }: RoleContext,
  options: pulumi.ComponentResourceOptions,
): ServiceRole {
  const policyArns = ofAws(partition, "AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly");
  return new ServiceRole(`${clusterName}-node`, { trust: serviceTrust("ec2"), policyArns }, options);
}

/** Lets the network add-on give pods addresses of the VPC. */
export function podNetworkRole(
  { clusterName, partition }: RoleContext,
  options: pulumi.ComponentResourceOptions,
): ServiceRole {
  const trust = podTrust({ clusterName, namespace: "kube-system", serviceAccount: "aws-node" });
  const policyArns = ofAws(partition, "AmazonEKS_CNI_Policy");
  return new ServiceRole(`${clusterName}-vpc-cni`, { trust, policyArns }, options);
}

/** Lets the storage add-on make, attach and delete volumes, encrypted with the foundation's key. */
export function volumeRole(
  { clusterName, partition, keyArn }: RoleContext,
  options: pulumi.ComponentResourceOptions,
): ServiceRole {
  const trust = podTrust({ clusterName, namespace: "kube-system", serviceAccount: "ebs-csi-controller-sa" });
  const policyArns = ofAws(partition, "service-role/AmazonEBSCSIDriverPolicy");
  return new ServiceRole(
    `${clusterName}-ebs-csi`,
    { trust, policyArns, policies: { volumes: volumeKey(keyArn) } },
    options,
  );
}

function ofAws(partition: string, ...policies: string[]): string[] {
  return policies.map((policy) => `arn:${partition}:iam::aws:policy/${policy}`);
}
