import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { FlowLog } from "@pulumi/aws/ec2/flowLog.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import * as pulumi from "@pulumi/pulumi";

export interface LogsArgs {
  keyArn: pulumi.Input<string>;
  retentionDays: number;
  /** The network whose flow logs are kept; left out, none. */
  vpcId?: pulumi.Input<string> | undefined;
}

/** What is told of the environment, beyond the life of any cluster: a log group, and in it who talked to whom. */
export class Logs extends pulumi.ComponentResource {
  readonly groupName: pulumi.Output<string>;

  constructor(name: string, { keyArn, retentionDays, vpcId }: LogsArgs, options: pulumi.ComponentResourceOptions) {
    super("clustershift:foundation:Logs", name, {}, options);
    const inside = { parent: this };
    const group = new LogGroup(
      name,
      { name: `/clustershift/${name}`, retentionInDays: retentionDays, kmsKeyId: keyArn },
      inside,
    );
    if (vpcId !== undefined) {
      const flowName = `${name}-flow-logs`;
      const role = new Role(flowName, { name: flowName, assumeRolePolicy: JSON.stringify(flowLogTrust) }, inside);
      const policy = group.arn.apply((arn) => JSON.stringify(writing(arn)));
      const writer = new RolePolicy(flowName, { role: role.name, policy }, inside);
      new FlowLog(
        flowName,
        { vpcId, trafficType: "ALL", logDestination: group.arn, iamRoleArn: role.arn, tags: { Name: flowName } },
        { ...inside, dependsOn: [writer] },
      );
    }
    this.groupName = group.name;
    this.registerOutputs({ groupName: this.groupName });
  }
}

const flowLogTrust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "vpc-flow-logs.amazonaws.com" }, Action: ["sts:AssumeRole"] }],
};

function writing(groupArn: string): object {
  const Action = ["CreateLogStream", "PutLogEvents", "DescribeLogGroups", "DescribeLogStreams"].map(
    (action) => `logs:${action}`,
  );
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: [groupArn, `${groupArn}:*`] }] };
}
