import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import * as pulumi from "@pulumi/pulumi";

export interface SyslogAccessArgs {
  vpcId: string;
  allowFrom: string[];
}

const syslogPort = 514;

/** Lets senders reach the syslog nodes, on UDP and on TCP, and lets nothing else in. */
export class SyslogAccess extends pulumi.ComponentResource {
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, { vpcId, allowFrom }: SyslogAccessArgs, options: pulumi.ComponentResourceOptions) {
    super("clustershift:cluster:SyslogAccess", name, {}, options);
    const inside = { parent: this };
    const group = new SecurityGroup(name, { vpcId, description: "Syslog from senders", tags: { Name: name } }, inside);
    for (const ipProtocol of ["udp", "tcp"]) {
      for (const cidrIpv4 of allowFrom) {
        const rule = { securityGroupId: group.id, ipProtocol, fromPort: syslogPort, toPort: syslogPort, cidrIpv4 };
        new SecurityGroupIngressRule(`${name}-${ipProtocol}-${cidrIpv4.replaceAll(/[./]/g, "-")}`, rule, inside);
      }
    }
    this.securityGroupId = group.id;
    this.registerOutputs({ securityGroupId: this.securityGroupId });
  }
}
