import type { Props } from "../../plugin/plugin.js";
import { type Aws, type Kind, listOf, orGone } from "../kind.js";
import { fromTagList, retag, tagged } from "../tags.js";

/** Who may talk to whom. */

async function describe({ call }: Aws, id: string): Promise<Props | undefined> {
  return listOf(await orGone(call("ec2", "DescribeSecurityGroups", { GroupIds: [id] })), "SecurityGroups")[0];
}

/** Takes away every rule that a group has. */
async function revokeAll(aws: Aws, GroupId: string): Promise<void> {
  const { IpPermissions, IpPermissionsEgress } = (await describe(aws, GroupId)) ?? {};
  for (const [operation, permissions] of [
    ["RevokeSecurityGroupIngress", IpPermissions],
    ["RevokeSecurityGroupEgress", IpPermissionsEgress],
  ] as const) {
    const rules = (permissions ?? []) as Props[];
    if (rules.length > 0) await aws.call("ec2", operation, { GroupId, IpPermissions: rules.map(withoutEmpty) });
  }
}

/** What AWS lists as empty it doesn't take back. */
function withoutEmpty(permission: Props): Props {
  return Object.fromEntries(
    Object.entries(permission).filter(([, value]) => !Array.isArray(value) || value.length > 0),
  );
}

const securityGroup: Kind = {
  replacedBy: ["name", "description", "vpcId"],
  named: { property: "name", longest: 255 },
  tagged: true,
  async create(aws, inputs) {
    const { GroupId } = await aws.call("ec2", "CreateSecurityGroup", {
      GroupName: inputs.name,
      Description: inputs.description ?? "Managed by Pulumi",
      VpcId: inputs.vpcId,
      ...tagged("security-group", inputs),
    });
    // The real provider does so too: what may leave is said by the program alone.
    await revokeAll(aws, String(GroupId));
    return String(GroupId);
  },
  async read(aws, id) {
    const live = await describe(aws, id);
    if (!live) return undefined;
    const { GroupName: name, Description: description, VpcId: vpcId, Tags } = live;
    return { name, description, vpcId, tagsAll: fromTagList(Tags) };
  },
  update: retag,
  async delete({ call }, id) {
    await orGone(call("ec2", "DeleteSecurityGroup", { GroupId: id }));
  },
};

/** The one that AWS made with the VPC: it is taken over, and left behind. */
const defaultSecurityGroup: Kind = {
  replacedBy: ["vpcId"],
  tagged: true,
  async create(aws, inputs) {
    const Filters = [
      { Name: "vpc-id", Values: [inputs.vpcId] },
      { Name: "group-name", Values: ["default"] },
    ];
    const [live] = listOf(await aws.call("ec2", "DescribeSecurityGroups", { Filters }), "SecurityGroups");
    const id = String(live?.GroupId);
    await revokeAll(aws, id);
    await retag(aws, id, {}, inputs);
    return id;
  },
  async read(aws, id) {
    const live = await describe(aws, id);
    if (!live) return undefined;
    return {
      vpcId: live.VpcId,
      ingress: live.IpPermissions ?? [],
      egress: live.IpPermissionsEgress ?? [],
      tagsAll: fromTagList(live.Tags),
    };
  },
  async update(aws, id, before, after) {
    await retag(aws, id, before, after);
    await revokeAll(aws, id);
  },
  async delete() {},
};

const ingressRule: Kind = {
  replacedBy: ["securityGroupId"],
  tagged: true,
  async create({ call }, inputs) {
    const made = await call("ec2", "AuthorizeSecurityGroupIngress", {
      GroupId: inputs.securityGroupId,
      IpPermissions: [
        {
          IpProtocol: inputs.ipProtocol,
          FromPort: inputs.fromPort,
          ToPort: inputs.toPort,
          IpRanges: [{ CidrIp: inputs.cidrIpv4 }],
        },
      ],
      ...tagged("security-group-rule", inputs),
    });
    return String(listOf(made, "SecurityGroupRules")[0]?.SecurityGroupRuleId);
  },
  async read({ call }, id) {
    const found = await orGone(call("ec2", "DescribeSecurityGroupRules", { SecurityGroupRuleIds: [id] }));
    const [live] = listOf(found, "SecurityGroupRules");
    if (!live) return undefined;
    return {
      securityGroupRuleId: id,
      securityGroupId: live.GroupId,
      ipProtocol: live.IpProtocol,
      fromPort: live.FromPort,
      toPort: live.ToPort,
      cidrIpv4: live.CidrIpv4,
      tagsAll: fromTagList(live.Tags),
    };
  },
  async update(aws, id, before, after) {
    await retag(aws, id, before, after);
    await aws.call("ec2", "ModifySecurityGroupRules", {
      GroupId: after.securityGroupId,
      SecurityGroupRules: [
        {
          SecurityGroupRuleId: id,
          SecurityGroupRule: {
            IpProtocol: after.ipProtocol,
            FromPort: after.fromPort,
            ToPort: after.toPort,
            CidrIpv4: after.cidrIpv4,
          },
        },
      ],
    });
  },
  async delete({ call }, id, { securityGroupId: GroupId }) {
    await orGone(call("ec2", "RevokeSecurityGroupIngress", { GroupId, SecurityGroupRuleIds: [id] }));
  },
};

export const securityGroups: Record<string, Kind> = {
  "aws:ec2/securityGroup:SecurityGroup": securityGroup,
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": defaultSecurityGroup,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ingressRule,
};
