import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import * as pulumi from "@pulumi/pulumi";
import { type AdmissionSettings, admissionKey } from "../settings/admission-settings.js";

export interface AdmissionsArgs {
  admittedBy: AdmissionSettings[];
  /** The group that this cluster's nodes carry. */
  clusterGroupId: pulumi.Input<string>;
}

/**
 * Rules that let this cluster in where blue is let in. The groups are other people's: each rule is a resource beside theirs, and
 * goes with this cluster. They are taken away before the cluster's own group, which AWS keeps as long as a rule names it.
 */
export class Admissions extends pulumi.ComponentResource {
  constructor(name: string, args: AdmissionsArgs, options: pulumi.ComponentResourceOptions) {
    super("clustershift:cluster:Admissions", name, {}, options);
    for (const admission of args.admittedBy) {
      const { securityGroupId, direction, protocol, ports } = admission;
      const rule = {
        securityGroupId,
        referencedSecurityGroupId: args.clusterGroupId,
        ipProtocol: protocol === "all" ? "-1" : protocol,
        ...(ports && { fromPort: ports.from, toPort: ports.to }),
        // Of ICMP's types and codes all are meant.
        ...(protocol === "icmp" && { fromPort: -1, toPort: -1 }),
        description: `Cluster ${name}, by clustershift`,
      };
      const Rule = direction === "in" ? SecurityGroupIngressRule : SecurityGroupEgressRule;
      new Rule(`${name}-${admissionKey(admission)}`, rule, { parent: this });
    }
    this.registerOutputs({});
  }
}
