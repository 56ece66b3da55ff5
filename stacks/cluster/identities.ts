import { OpenIdConnectProvider } from "@pulumi/aws/iam/openIdConnectProvider.js";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterSettings, ControllerName } from "../settings/cluster-settings.js";
import { externalDnsPolicy } from "./policies/external-dns.js";
import { loadBalancerControllerPolicy } from "./policies/load-balancer-controller.js";
import type { PolicyScope, Statement } from "./policies/statement.js";
import { veleroPolicy } from "./policies/velero.js";
import { WorkloadIdentity } from "./workload-identity.js";

/** What each controller may do. Register a new one here, and in the settings. */
const controllerPolicies: Record<ControllerName, (scope: PolicyScope) => Statement[]> = {
  velero: veleroPolicy,
  "load-balancer-controller": loadBalancerControllerPolicy,
  "external-dns": externalDnsPolicy,
};

export interface IdentitiesArgs extends Pick<ClusterSettings, "controllers" | "identities"> {
  scope: PolicyScope;
  /** The cluster and its issuer's URL, once they are there. */
  cluster: pulumi.Input<string>;
  issuerUrl: pulumi.Input<string>;
}

/** A role for each controller that is asked for, and for each of the team's workloads that uses AWS. */
export class Identities extends pulumi.ComponentResource {
  /** Role ARNs by controller or identity. */
  readonly roleArns: Record<string, pulumi.Output<string>> = {};

  constructor(name: string, args: IdentitiesArgs, options: pulumi.ComponentResourceOptions) {
    super("clustershift:cluster:Identities", name, {}, options);
    const inside = { parent: this };
    const { scope, cluster } = args;
    const { clusterName } = scope;
    for (const controller of Object.keys(controllerPolicies) as ControllerName[]) {
      const account = args.controllers[controller];
      if (account === undefined) continue;
      const policies = { [controller]: controllerPolicies[controller](scope) };
      const identity = { ...account, clusterName, cluster, policies };
      this.roleArns[controller] = new WorkloadIdentity(`${name}-${controller}`, identity, inside).roleArn;
    }
    const byIssuer = args.identities.some(({ by }) => by === "irsa");
    const issuer = byIssuer ? this.issuer(name, args) : undefined;
    for (const { name: own, by, policies, ...identity } of args.identities) {
      const statements = Object.entries(policies).map(([each, { Statement }]) => [each, [Statement].flat()] as const);
      const workload = new WorkloadIdentity(
        `${name}-${own}`,
        {
          ...identity,
          clusterName,
          cluster,
          policies: Object.fromEntries(statements),
          issuer: by === "irsa" ? issuer : undefined,
        },
        inside,
      );
      this.roleArns[own] = workload.roleArn;
    }
    this.registerOutputs({});
  }

  /** Makes IAM trust what the cluster signs. Only where it is asked for: each account has room for 100. */
  private issuer(name: string, { issuerUrl }: IdentitiesArgs) {
    const provider = new OpenIdConnectProvider(
      name,
      { url: issuerUrl, clientIdLists: ["sts.amazonaws.com"] },
      { parent: this },
    );
    return pulumi.all([provider.arn, issuerUrl]).apply(([providerArn, url]) => ({ providerArn, url }));
  }
}
