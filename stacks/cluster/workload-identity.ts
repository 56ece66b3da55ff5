import { PodIdentityAssociation } from "@pulumi/aws/eks/podIdentityAssociation.js";
import * as pulumi from "@pulumi/pulumi";
import { ServiceRole, type ServiceRoleArgs } from "./service-role.js";
import { issuerTrust, podTrust, type ServiceAccount } from "./trust.js";

/** The cluster's issuer of tokens, as IAM knows it. */
export interface Issuer {
  providerArn: string;
  url: string;
}

export interface WorkloadIdentityArgs extends Omit<ServiceRoleArgs, "trust">, ServiceAccount {
  /** With an issuer the role is taken on by IRSA, and the service account must be annotated with it. */
  issuer?: pulumi.Input<Issuer> | undefined;
  /** The cluster, once it is there. */
  cluster: pulumi.Input<string>;
}

/** What pods of one service account may do in AWS: a role of this cluster's own, since blue's trusts blue alone. */
export class WorkloadIdentity extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: WorkloadIdentityArgs, options: pulumi.ComponentResourceOptions) {
    super("clustershift:cluster:WorkloadIdentity", name, {}, options);
    const inside = { parent: this };
    const { clusterName, namespace, serviceAccount, issuer, policyArns = [], policies = {} } = args;
    const account = { clusterName, namespace, serviceAccount };
    const trust =
      issuer === undefined ? podTrust(account) : pulumi.output(issuer).apply((known) => issuerTrust(known, account));
    const role = new ServiceRole(name, { trust, policyArns, policies }, inside);
    if (issuer === undefined) {
      new PodIdentityAssociation(
        name,
        { clusterName: args.cluster, namespace, serviceAccount, roleArn: role.arn },
        inside,
      );
    }
    this.roleArn = role.arn;
    this.registerOutputs({ roleArn: this.roleArn });
  }
}
