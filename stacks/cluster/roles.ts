import type * as pulumi from "@pulumi/pulumi";
import { ServiceRole } from "./service-role.js";

export interface RoleContext {
  partition: string;
  /** The foundation's key. */
  keyArn: string;
}

/** Lets the control plane run, and wrap its secrets' keys with the foundation's. */
export function controlPlaneRole(
  cluster: string,
  { partition, keyArn }: RoleContext,
  options: pulumi.ComponentResourceOptions,
): ServiceRole {
  const statements = [
    { Effect: "Allow", Action: ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"], Resource: keyArn },
  ];
  const args = { trusted: "eks", partition, managedPolicies: ["AmazonEKSClusterPolicy"], statements } as const;
  return new ServiceRole(`${cluster}-control-plane`, { ...args, managedPolicies: [...args.managedPolicies] }, options);
}

/** Lets nodes join and pull images. Networking and volumes are the add-ons' own roles: pods get nothing from a node. */
export function nodeRole(
  cluster: string,
  { partition }: RoleContext,
  options: pulumi.ComponentResourceOptions,
): ServiceRole {
  const managedPolicies = ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"];
  return new ServiceRole(`${cluster}-node`, { trusted: "ec2", partition, managedPolicies }, options);
}

/** Lets the network add-on give pods addresses of the VPC. */
export function podNetworkRole(
  cluster: string,
  { partition }: RoleContext,
  options: pulumi.ComponentResourceOptions,
): ServiceRole {
  const managedPolicies = ["AmazonEKS_CNI_Policy"];
  return new ServiceRole(`${cluster}-vpc-cni`, { trusted: "pods", partition, managedPolicies }, options);
}

/** Lets the storage add-on make, attach and delete volumes, encrypted with the foundation's key. */
export function volumeRole(
  cluster: string,
  { partition, keyArn }: RoleContext,
  options: pulumi.ComponentResourceOptions,
): ServiceRole {
  const statements = [
    {
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey"],
      Resource: keyArn,
    },
    {
      Effect: "Allow",
      Action: ["kms:CreateGrant"],
      Resource: keyArn,
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
  const managedPolicies = ["service-role/AmazonEBSCSIDriverPolicy"];
  return new ServiceRole(`${cluster}-ebs-csi`, { trusted: "pods", partition, managedPolicies, statements }, options);
}
