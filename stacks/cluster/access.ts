import { AccessEntry } from "@pulumi/aws/eks/accessEntry.js";
import { AccessPolicyAssociation } from "@pulumi/aws/eks/accessPolicyAssociation.js";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterSettings } from "../settings/cluster-settings.js";

export interface AccessArgs {
  clusterName: pulumi.Input<string>;
  partition: string;
  access: ClusterSettings["access"];
}

const policies = {
  "cluster-admin": "AmazonEKSClusterAdminPolicy",
  admin: "AmazonEKSAdminPolicy",
  edit: "AmazonEKSEditPolicy",
  view: "AmazonEKSViewPolicy",
} as const;

/** Who may use the cluster: IAM principals, each with one of Kubernetes' user-facing roles. */
export class Access extends pulumi.ComponentResource {
  constructor(name: string, { clusterName, partition, access }: AccessArgs, options: pulumi.ComponentResourceOptions) {
    super("clustershift:cluster:Access", name, {}, options);
    const inside = { parent: this };
    for (const { name: who, principalArn, policy, namespaces } of access) {
      const entry = new AccessEntry(`${name}-${who}`, { clusterName, principalArn, type: "STANDARD" }, inside);
      new AccessPolicyAssociation(
        `${name}-${who}`,
        {
          clusterName,
          principalArn,
          policyArn: `arn:${partition}:eks::aws:cluster-access-policy/${policies[policy]}`,
          accessScope: namespaces === undefined ? { type: "cluster" } : { type: "namespace", namespaces },
        },
        { ...inside, dependsOn: [entry] },
      );
    }
    this.registerOutputs({});
  }
}
