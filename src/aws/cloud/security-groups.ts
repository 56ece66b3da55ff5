import {
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  type EC2Client,
  type Filter,
  type IpPermission,
  type NetworkInterface,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import type { CloudResource, CloudUser } from "../../model/cloud.js";
import type { Call } from "../call.js";
import { allPages } from "../pages.js";
import { tagsOf } from "../tags.js";
import { type KindApi, plainResource, removeBy } from "./kind.js";
import { describeInterfaces } from "./network-interfaces.js";

export interface SecurityGroupsKind extends KindApi {
  /** Takes out of one group's rules the parts that name any of these others. AWS deletes no group that a rule names. */
  unlink(id: string, others: ReadonlySet<string>): Promise<void>;
}

export function securityGroupsKind(client: EC2Client, call: Call): SecurityGroupsKind {
  const describe = () =>
    allPages(
      (NextToken) =>
        call({ action: "DescribeSecurityGroups", resource: "security groups" }, () =>
          client.send(new DescribeSecurityGroupsCommand({ NextToken })),
        ),
      ({ SecurityGroups, NextToken }) => ({ items: SecurityGroups, next: NextToken }),
    );
  // Whose rules name a group only the others know, so all are read for one.
  const withUsers = async (wanted: (group: SecurityGroup) => boolean, filters: Filter[] = []) => {
    const groups = await describe();
    const found = groups.filter(wanted);
    const interfaces = found.length > 0 ? await describeInterfaces(client, call, filters) : [];
    return found.map((group) => resourceOf(group, usersOf(group.GroupId ?? "", groups, interfaces)));
  };
  return {
    wholeList: true,
    list: () => withUsers(() => true),
    read: async (id) => (await withUsers(({ GroupId }) => GroupId === id, [{ Name: "group-id", Values: [id] }]))[0],
    async unlink(id, others) {
      const group = (await describe()).find(({ GroupId }) => GroupId === id);
      const [ingress, egress] = [group?.IpPermissions, group?.IpPermissionsEgress].map((rules) =>
        partsOf(rules, others),
      );
      if (ingress && ingress.length > 0)
        await call({ action: "RevokeSecurityGroupIngress", resource: id, idempotent: false }, () =>
          client.send(new RevokeSecurityGroupIngressCommand({ GroupId: id, IpPermissions: ingress })),
        );
      if (egress && egress.length > 0)
        await call({ action: "RevokeSecurityGroupEgress", resource: id, idempotent: false }, () =>
          client.send(new RevokeSecurityGroupEgressCommand({ GroupId: id, IpPermissions: egress })),
        );
    },
    remove: (id) =>
      removeBy(call, "DeleteSecurityGroup", id, ["InvalidGroup.NotFound", "InvalidGroupId.NotFound"], () =>
        client.send(new DeleteSecurityGroupCommand({ GroupId: id })),
      ),
  };
}

function usersOf(id: string, groups: readonly SecurityGroup[], interfaces: readonly NetworkInterface[]): CloudUser[] {
  return [
    ...interfaces.filter(({ Groups = [] }) => Groups.some(({ GroupId }) => GroupId === id)).map(wearer),
    ...groups.filter((other) => other.GroupId !== id && named(other).has(id)).map(naming),
  ];
}

function resourceOf(group: SecurityGroup, users: CloudUser[]): CloudResource {
  const { GroupId: id = "", GroupName = "" } = group;
  return {
    ...plainResource("security-group", id, tagsOf(group.Tags)),
    name: GroupName,
    leadsTo: [...named(group)].filter((each) => each !== id),
    users,
    ...(GroupName === "default" && { held: "it's the default group of its VPC" }),
  };
}

/** ELB describes the interfaces that it makes: `ELB app/web/50dc6c495c0c9188`, `ELB NAME` of a classic one. */
function wearer({ NetworkInterfaceId: id = "", Description = "" }: NetworkInterface): CloudUser {
  const [, balancer] = /^ELB (\S+)$/.exec(Description) ?? [];
  return { id, how: `is a group of ${id}${Description && ` (${Description})`}`, ...(balancer && { of: balancer }) };
}

const naming = ({ GroupId = "", GroupName = "" }: SecurityGroup): CloudUser => ({
  id: GroupId,
  how: `is named by a rule of ${GroupId} (${GroupName})`,
});

/** Groups that the rules of one name. */
function named({ IpPermissions = [], IpPermissionsEgress = [] }: SecurityGroup): Set<string> {
  const pairs = [...IpPermissions, ...IpPermissionsEgress].flatMap(({ UserIdGroupPairs = [] }) => UserIdGroupPairs);
  return new Set(pairs.map(({ GroupId = "" }) => GroupId));
}

function partsOf(rules: readonly IpPermission[] = [], others: ReadonlySet<string>): IpPermission[] {
  return rules.flatMap(({ IpProtocol, FromPort, ToPort, UserIdGroupPairs = [] }) => {
    const pairs = UserIdGroupPairs.filter(({ GroupId = "" }) => others.has(GroupId));
    const ports = { ...(FromPort !== undefined && { FromPort }), ...(ToPort !== undefined && { ToPort }) };
    return pairs.length > 0 ? [{ IpProtocol, ...ports, UserIdGroupPairs: pairs }] : [];
  });
}
