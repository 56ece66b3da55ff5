import { type Kind, listOf, orGone } from "../kind.js";
import { fromTagList, retag, tagChanges, tagged, tagsOf } from "../tags.js";

/** Imported by its name. */
const logGroup: Kind = {
  replacedBy: ["name"],
  named: { property: "name", longest: 512 },
  tagged: true,
  async create({ call }, inputs) {
    const logGroupName = String(inputs.name);
    await call("logs", "CreateLogGroup", { logGroupName, kmsKeyId: inputs.kmsKeyId, tags: tagsOf(inputs) });
    if (inputs.retentionInDays) {
      await call("logs", "PutRetentionPolicy", { logGroupName, retentionInDays: inputs.retentionInDays });
    }
    return logGroupName;
  },
  async read({ call }, id) {
    const groups = listOf(await call("logs", "DescribeLogGroups", { logGroupNamePrefix: id }), "logGroups");
    const live = groups.find(({ logGroupName }) => logGroupName === id);
    if (!live) return undefined;
    const arn = String(live.arn).replace(/:\*$/, "");
    const { tags } = await call("logs", "ListTagsForResource", { resourceArn: arn });
    return {
      arn,
      name: id,
      kmsKeyId: live.kmsKeyId,
      retentionInDays: live.retentionInDays ?? 0,
      tagsAll: tags,
    };
  },
  async update({ call }, logGroupName, before, after) {
    const { retentionInDays, kmsKeyId } = after;
    if (retentionInDays) await call("logs", "PutRetentionPolicy", { logGroupName, retentionInDays });
    else await call("logs", "DeleteRetentionPolicy", { logGroupName });
    if (kmsKeyId !== before.kmsKeyId) await call("logs", "AssociateKmsKey", { logGroupName, kmsKeyId });
    const { set, unset } = tagChanges(before, after);
    if (Object.keys(set).length > 0) await call("logs", "TagLogGroup", { logGroupName, tags: set });
    if (unset.length > 0) await call("logs", "UntagLogGroup", { logGroupName, tags: unset });
  },
  async delete({ call }, logGroupName) {
    await orGone(call("logs", "DeleteLogGroup", { logGroupName }));
  },
};

const flowLog: Kind = {
  replacedBy: ["vpcId", "trafficType", "logDestination", "logDestinationType", "iamRoleArn"],
  tagged: true,
  async create({ call }, inputs) {
    const { FlowLogIds, Unsuccessful } = await call("ec2", "CreateFlowLogs", {
      ResourceIds: [inputs.vpcId],
      ResourceType: "VPC",
      TrafficType: inputs.trafficType,
      LogDestinationType: "cloud-watch-logs",
      LogDestination: inputs.logDestination,
      DeliverLogsPermissionArn: inputs.iamRoleArn,
      ...tagged("vpc-flow-log", inputs),
    });
    const [id] = (FlowLogIds ?? []) as string[];
    if (id === undefined) throw new Error(`no flow log was made: ${JSON.stringify(Unsuccessful)}`);
    return id;
  },
  async read({ call }, id, inputs) {
    const [live] = listOf(await orGone(call("ec2", "DescribeFlowLogs", { FlowLogIds: [id] })), "FlowLogs");
    if (!live) return undefined;
    return {
      vpcId: live.ResourceId,
      trafficType: live.TrafficType,
      logDestination: live.LogDestination ?? inputs.logDestination,
      iamRoleArn: live.DeliverLogsPermissionArn,
      tagsAll: fromTagList(live.Tags),
    };
  },
  update: retag,
  async delete({ call }, id) {
    await orGone(call("ec2", "DeleteFlowLogs", { FlowLogIds: [id] }));
  },
};

export const logs: Record<string, Kind> = {
  "aws:cloudwatch/logGroup:LogGroup": logGroup,
  "aws:ec2/flowLog:FlowLog": flowLog,
};
