import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import * as pulumi from "@pulumi/pulumi";

export interface ServiceRoleArgs {
  /** Who takes the role on: a statement of trust.ts. */
  trust: pulumi.Input<object>;
  /** ARNs of policies. */
  policyArns?: string[];
  /** Policies of its own: each one's statements, by a name. */
  policies?: Record<string, pulumi.Input<object[]>>;
}

/** An IAM role for one job, with what that job needs and no more. */
export class ServiceRole extends pulumi.ComponentResource {
  /** Known only once the policies are there, so that what uses the role doesn't start without them. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: ServiceRoleArgs, options: pulumi.ComponentResourceOptions) {
    super("clustershift:cluster:ServiceRole", name, {}, options);
    const inside = { parent: this };
    const assumeRolePolicy = pulumi.output(args.trust).apply((trust) => document([trust]));
    const role = new Role(name, { name, assumeRolePolicy }, inside);
    const attached = (args.policyArns ?? []).map(
      (policyArn) =>
        new RolePolicyAttachment(`${name}-${policyArn.split("/").at(-1)}`, { role: role.name, policyArn }, inside),
    );
    const own = Object.entries(args.policies ?? {}).map(([each, statements]) => {
      const policy = pulumi.output(statements).apply(document);
      return new RolePolicy(`${name}-${each}`, { name: each, role: role.name, policy }, inside);
    });
    const policies: pulumi.Resource[] = [...attached, ...own];
    this.arn = pulumi.all([role.arn, pulumi.all(policies.map((policy) => policy.urn))]).apply(([arn]) => arn);
    this.registerOutputs({ arn: this.arn });
  }
}

function document(statements: object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
