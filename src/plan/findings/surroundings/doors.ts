import type { Faces } from "../../../model/faces.js";
import type { Finding } from "../../../model/finding.js";
import type { Assessor } from "../../assessment.js";
import { joinable, type Lack, lacksOf } from "../../surroundings/admissions.js";
import { awsObject, listed, surrounding } from "./words.js";

/** Rules of security groups and ACLs that let blue in and not green. */
export const admitsBlue: Assessor = ({ faces }) =>
  faces ? lacksOf(faces).map((lack) => doorFinding(lack, faces)) : [];

/** Groups that blue's nodes carry beside their own. */
export const carriedGroups: Assessor = ({ faces }) =>
  (faces ? joinable(faces) : []).map(({ id, name }) =>
    surrounding("nodes-carry-group", "warning", {
      object: awsObject("ec2", "SecurityGroup", `${id} (${name})`),
      why: "Blue's nodes carry it, and it isn't blue's own: what lets it in doesn't know green's nodes, which don't.",
      whatToDo: `Let green's nodes carry it too: nodeSecurityGroupIds: [${id}] in the cluster stack's settings, as init writes it.`,
    }),
  );

function doorFinding(lack: Lack, faces: Faces): Finding {
  const { door, groups, ranges, prefixLists, admission, outside } = lack;
  const isAcl = door.kind === "network-acl";
  const byGroup = groups.map(({ id, name }) => `${name} (${id})`);
  const byRange =
    ranges.length > 0 ? [`${listed(ranges)}${prefixLists.length > 0 ? ` of ${listed(prefixLists)}` : ""}`] : [];
  const behind = isAcl
    ? ""
    : door.users.length > 0
      ? ` Behind it: ${listed(door.users)}.`
      : " Nothing that runs stands behind it now.";
  const letsIn = lack.direction === "in" ? "lets in" : "lets out to";
  const id = isAcl ? "acl-admits-blue" : groups.length > 0 ? "group-admits-blue" : "range-admits-blue";
  return surrounding(id, isAcl || door.users.length > 0 ? "warning" : "note", {
    object: awsObject("ec2", isAcl ? "NetworkAcl" : "SecurityGroup", door.name ? `${door.id} (${door.name})` : door.id),
    why: `For ${protocolOf(lack)} it ${letsIn} blue, by ${[...byGroup, ...byRange].join(" and ")}, and not green.${behind}`,
    whatToDo: admission
      ? "Give it to green: admittedBy in the cluster stack's settings, as init writes it, or this command once green stands (GREEN_GROUP is its output securityGroupId)."
      : `Open it for green's ${outside ? "addresses" : "ranges"} too, before traffic moves.`,
    commands: isAcl ? aclCommands(lack, faces) : groupCommands(lack, faces),
  });
}

function protocolOf({ protocol, ports }: Lack): string {
  if (protocol === "all") return "all traffic";
  if (!ports) return protocol;
  return `${protocol} ${ports.from === ports.to ? ports.from : `${ports.from} to ${ports.to}`}`;
}

/** The exact rule for green. */
function groupCommands({ door, direction, protocol, ports, admission, outside }: Lack, faces: Faces): string[] {
  const peer = admission
    ? `UserIdGroupPairs=[{GroupId=${faces.green.groupId ?? "GREEN_GROUP"}}]`
    : `IpRanges=[${greenAddresses(outside, faces)
        .map((range) => `{CidrIp=${range}}`)
        .join(",")}]`;
  const what = `IpProtocol=${protocol === "all" ? "-1" : protocol}`;
  const range = ports
    ? `,FromPort=${ports.from},ToPort=${ports.to}`
    : protocol === "icmp"
      ? ",FromPort=-1,ToPort=-1"
      : "";
  const action = direction === "in" ? "authorize-security-group-ingress" : "authorize-security-group-egress";
  return [
    `aws ec2 ${action} --region ${faces.region} --group-id ${door.id} --ip-permissions '${what}${range},${peer}'`,
  ];
}

function aclCommands({ door, direction, protocol, ports, outside }: Lack, faces: Faces): string[] {
  const which = `--network-acl-id ${door.id} --${direction === "in" ? "ingress" : "egress"} --rule-number RULE_NUMBER`;
  const what = `--protocol ${protocol === "all" ? "-1" : protocol}${ports ? ` --port-range From=${ports.from},To=${ports.to}` : ""}`;
  return greenAddresses(outside, faces).map(
    (range) =>
      `aws ec2 create-network-acl-entry --region ${faces.region} ${which} ${what} --cidr-block ${range} --rule-action allow`,
  );
}

function greenAddresses(outside: boolean, { green }: Faces): string[] {
  const known = outside ? (green.egress?.addresses ?? []).map((address) => `${address}/32`) : green.ranges;
  return known.length > 0 ? known : [outside ? "GREEN_ADDRESS/32" : "GREEN_RANGE"];
}
