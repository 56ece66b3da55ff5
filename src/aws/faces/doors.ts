import type { IpPermission, NetworkAcl, NetworkAclEntry, NetworkInterface, SecurityGroup } from "@aws-sdk/client-ec2";
import type { Door, Opening } from "../../model/faces.js";
import { chunksOf } from "../pages.js";
import type { Ec2Lists } from "./ec2-lists.js";

/** The prefix lists that rules name. */
export function prefixListsOf(groups: readonly SecurityGroup[]): string[] {
  const named = groups.flatMap(({ IpPermissions = [], IpPermissionsEgress = [] }) =>
    [...IpPermissions, ...IpPermissionsEgress].flatMap(({ PrefixListIds = [] }) =>
      PrefixListIds.flatMap(({ PrefixListId }) => PrefixListId ?? []),
    ),
  );
  return [...new Set(named)];
}

export function groupDoor(
  { GroupId: id = "", GroupName: name = "", VpcId: vpcId = "", ...rules }: SecurityGroup,
  prefixLists: ReadonlyMap<string, string[]>,
): Door {
  const openings = [
    ...(rules.IpPermissions ?? []).flatMap((rule) => openingsOf("in", rule, prefixLists)),
    ...(rules.IpPermissionsEgress ?? []).flatMap((rule) => openingsOf("out", rule, prefixLists)),
  ];
  return { kind: "security-group", ...{ id, name, vpcId, near: false, users: [], openings } };
}

function openingsOf(
  direction: Opening["direction"],
  rule: IpPermission,
  prefixLists: ReadonlyMap<string, string[]>,
): Opening[] {
  const { IpProtocol: said = "-1", FromPort, ToPort } = rule;
  const protocol = said === "-1" ? "all" : said;
  const hasPorts = /^(tcp|udp|6|17)$/.test(protocol) && FromPort !== undefined && ToPort !== undefined;
  const what = { direction, protocol, ...(hasPorts && { ports: { from: FromPort, to: ToPort } }) };
  return [
    ...(rule.UserIdGroupPairs ?? []).map(({ GroupId: group = "" }) => ({ ...what, peer: { group } })),
    ...(rule.IpRanges ?? []).map(({ CidrIp = "" }) => ({ ...what, peer: { ranges: [CidrIp] } })),
    ...(rule.PrefixListIds ?? []).flatMap(({ PrefixListId: prefixList = "" }) => {
      const ranges = prefixLists.get(prefixList);
      return ranges ? [{ ...what, peer: { ranges, prefixList } }] : [];
    }),
  ];
}

/** As IANA numbers them. */
const protocols: Record<string, string> = { "-1": "all", "1": "icmp", "6": "tcp", "17": "udp" };

/** What it allows; what it denies before is not weighed. */
export function aclDoor({ NetworkAclId: id = "", VpcId: vpcId = "", Entries = [], Tags = [] }: NetworkAcl): Door {
  const name = Tags.find(({ Key }) => Key === "Name")?.Value ?? "";
  return { kind: "network-acl", ...{ id, name, vpcId, near: true, users: [], openings: Entries.flatMap(entryOf) } };
}

function entryOf({ Egress, RuleAction, Protocol = "-1", PortRange, CidrBlock }: NetworkAclEntry): Opening[] {
  if (RuleAction !== "allow" || !CidrBlock) return [];
  const protocol = protocols[Protocol] ?? Protocol;
  const { From, To } = PortRange ?? {};
  const hasPorts = ["tcp", "udp"].includes(protocol) && From !== undefined && To !== undefined;
  return [
    {
      direction: Egress ? "out" : "in",
      protocol,
      ...(hasPorts && { ports: { from: From, to: To } }),
      peer: { ranges: [CidrBlock] },
    },
  ];
}

/** Who stands behind each door: by the interfaces that carry the group. */
export async function withUsers(doors: readonly Door[], ec2: Ec2Lists): Promise<Door[]> {
  const users = new Map<string, Set<string>>();
  const groups = doors.filter(({ kind }) => kind === "security-group").map(({ id }) => id);
  for (const Values of chunksOf(groups)) {
    for (const each of await ec2.interfaces([{ Name: "group-id", Values }])) {
      for (const { GroupId = "" } of each.Groups ?? [])
        users.set(GroupId, (users.get(GroupId) ?? new Set()).add(userOf(each)));
    }
  }
  return doors.map((door) => ({ ...door, users: [...(users.get(door.id) ?? [])].sort() }));
}

/** RDS, ElastiCache, MSK, EFS and load balancers say in the description what their interface is. */
function userOf({ Description, Attachment, RequesterId, NetworkInterfaceId = "" }: NetworkInterface): string {
  return Description || Attachment?.InstanceId || RequesterId || NetworkInterfaceId;
}
