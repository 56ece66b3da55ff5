import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import * as pulumi from "@pulumi/pulumi";

export interface ServiceRoleArgs {
  /** Who takes the role on. With `pods`, a service account does, by EKS Pod Identity. */
  trusted: "eks" | "ec2" | "pods";
  partition: string;
  /** AWS-managed policies, by the end of their ARN: `AmazonEKSClusterPolicy`. */
  managedPolicies: string[];
  /** Statements of a policy of its own. */
  statements?: pulumi.Input<object[]>;
}

const services = { eks: "eks.amazonaws.com", ec2: "ec2.amazonaws.com", pods: "pods.eks.amazonaws.com" };

/** An IAM role for one job, with what that job needs and no more. */
export class ServiceRole extends pulumi.ComponentResource {
  /** Known only once the policies are there, so that what uses the role doesn't start without them. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: ServiceRoleArgs, options: pulumi.ComponentResourceOptions) {
    super("clustershift:cluster:ServiceRole", name, {}, options);
    const inside = { parent: this };
    const trust = {
      Effect: "Allow",
      Principal: { Service: services[args.trusted] },
      // Pod Identity tags the session with the cluster, namespace and service account.
      Action: args.trusted === "pods" ? ["sts:AssumeRole", "sts:TagSession"] : ["sts:AssumeRole"],
    };
    const role = new Role(
      name,
      { name, assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }) },
      inside,
    );
    const policies: pulumi.Resource[] = args.managedPolicies.map((policy) => {
      const policyArn = `arn:${args.partition}:iam::aws:policy/${policy}`;
      return new RolePolicyAttachment(`${name}-${policy.split("/").at(-1)}`, { role: role.name, policyArn }, inside);
    });
    if (args.statements !== undefined) {
      const policy = pulumi
        .output(args.statements)
        .apply((statements) => JSON.stringify({ Version: "2012-10-17", Statement: statements }));
      policies.push(new RolePolicy(name, { role: role.name, policy }, inside));
    }
    this.arn = pulumi.all([role.arn, pulumi.all(policies.map((policy) => policy.urn))]).apply(([arn]) => arn);
    this.registerOutputs({ arn: this.arn });
  }
}
