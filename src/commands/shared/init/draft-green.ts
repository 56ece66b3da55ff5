import type { DraftNetwork } from "../../../mirror/draft-network.js";
import { type DraftStacks, draftStacks, type Wishes } from "../../../mirror/draft-stacks.js";
import type { Shape } from "../../../model/shape.js";
import type { Context } from "../command.js";
import type { Account } from "./account.js";
import { describeShapeGroup } from "./blue-shape.js";
import { draftSurroundings } from "./draft-surroundings.js";
import type { Seen } from "./look-around.js";
import { familyName } from "./names.js";
import { answersFor, type Given } from "./questions.js";
import { type StackFile, stackFiles } from "./stack-files.js";

/** What the options say of green. */
export interface GreenGiven extends Given {
  name: string;
  version: string;
  account?: string | undefined;
  /** Name of the foundation's stack. */
  foundation?: string | undefined;
  network?: DraftNetwork | undefined;
  /** Whether records are to lead to an address of green's ingress. */
  ingressAddress: boolean;
  /** Where AWS is asked. */
  aws?: { region: string; endpoint?: string } | undefined;
}

export interface DraftedGreen {
  /** Settings of the cluster stack, for clustershift.yaml: its name and version stand beside them there. */
  settings: Record<string, unknown>;
  nodeLabels: Record<string, { key: string; values?: Record<string, string> }>;
  /** None where something is missing that Pulumi would refuse to be without. */
  files: StackFile[];
  account: Account;
}

/** Green's stacks, drawn after blue and with what people answer. */
export async function draftGreen(blue: Shape, seen: Seen, given: GreenGiven, context: Context): Promise<DraftedGreen> {
  const { region, admin, syslog } = await answersFor(blue, given, seen.traffic.addressGroups, context);
  const unknown: string[] = [];
  if (!region) unknown.push("The AWS region: --region REGION. No stack is drawn without.");
  if (!admin) unknown.push("Who administers green: --admin ARN of an IAM role or user.");
  if (syslog && syslog.allowFrom.length === 0)
    unknown.push(`Who may send to ${syslog.group} on port 514: --syslog-from RANGE. Without, its port stays closed.`);
  unknown.push(...blindSpots(blue, seen));
  if (!region || blue.groups.length === 0) {
    return { settings: {}, nodeLabels: {}, files: [], account: { found: found(blue, seen, []), chosen: [], unknown } };
  }
  const stack = given.foundation ?? `${familyName(blue.name)}-foundation`;
  const wishes: Wishes = {
    name: given.name,
    version: given.version,
    foundation: { name: stack.replace(/-foundation$/, ""), stack },
    region,
    account: given.account ?? seen.account,
    admin,
    hostedZones: seen.traffic.hostedZones.map(({ name, private: isPrivate }) => ({
      name,
      ...(isPrivate && { private: isPrivate }),
    })),
    ingressAddress: given.ingressAddress,
    syslog,
    network: given.network,
    volumes: seen.volumes,
  };
  const placed = draftStacks(blue, wishes);
  const gifts = await draftSurroundings(blue.name, seen, placed, given.aws, context);
  const drafted = gifts ? draftStacks(blue, { ...wishes, given: gifts.given }) : placed;
  unknown.push(...(gifts?.unknown ?? []));
  const { name: _name, version: _version, ...settings } = drafted.cluster;
  const files = admin ? await stackFiles(drafted, { foundation: stack, cluster: given.name }) : [];
  if (files.length === 0)
    unknown.push(
      "So the stacks' own files are not written: Pulumi would refuse them. Run init again with what is missing.",
    );
  const account: Account = {
    found: found(blue, seen, gifts?.given.identities ?? []),
    chosen: [...chosen(blue, given, drafted), ...(gifts?.chosen ?? [])],
    unknown,
  };
  return { settings, nodeLabels: nodeLabelsOf(drafted), files, account };
}

/** `identities`: service accounts that get a role of green's own. */
function found(
  blue: Shape,
  { roles, traffic, network }: Seen,
  identities: readonly { namespace: string; serviceAccount: string }[],
): string[] {
  const given = identities.map(({ namespace, serviceAccount }) => ` of ServiceAccount ${namespace}/${serviceAccount}`);
  const open = roles.filter((role) => !given.some((account) => role.endsWith(account)));
  return [
    `${blue.name}: ${blue.version ? `Kubernetes ${blue.version}` : "its version isn't seen"}${blue.region ? `, in ${blue.region}` : ""}.`,
    ...blue.groups.map((group) => `Group ${describeShapeGroup(group)}.`),
    ...(network?.vpcId ? [`Its network is ${network.vpcId}, ${network.cidrs.join(" and ")}.`] : []),
    ...traffic.addressGroups.map(
      (group) => `Nodes of ${group} own Elastic IPs: they move as they are, by the cutover.`,
    ),
    ...open.map((role) => `The role ${role} trusts blue: let it trust green too, before the cutover.`),
    ...blue.remarks,
  ];
}

function chosen(
  blue: Shape,
  { name, version, ingressAddress }: GreenGiven,
  { chosen: drawn, renamedLabels }: DraftStacks,
) {
  return [
    `Green is ${name}, Kubernetes ${version}${blue.version ? `, from ${blue.version}` : ""}.`,
    ...drawn,
    ...Object.entries(renamedLabels).map(
      ([key, ours]) =>
        `The label ${key} is ${ours} on green: a kubelet may not set the first. Selectors are changed on their way.`,
    ),
    ...(ingressAddress
      ? ["The foundation has an Elastic IP for green's ingress: give it to the load balancer in front of it."]
      : []),
  ];
}

/** What wasn't looked at, and how it would be. */
function blindSpots(blue: Shape, { network, nodes, account }: Seen): string[] {
  const unseen = blue.groups.filter(({ rootVolumeGiB }) => rootVolumeGiB === undefined).map(({ name }) => name);
  return [
    ...(account === undefined
      ? [
          `${blue.network.vpcId ? "" : "Blue's VPC, "}Elastic IPs and records: --region REGION asks AWS, --zone names a zone.`,
        ]
      : []),
    ...(account !== undefined && !network && !blue.network.vpcId
      ? ["Blue's VPC: none has its id or the tag KubernetesCluster. --vpc names it."]
      : []),
    ...(nodes.length === 0
      ? ["How many nodes there are now, volumes, and roles of workloads: --context asks blue."]
      : []),
    ...(unseen.length > 0
      ? [
          `Limits of autoscaling and root volumes of ${unseen.join(", ")}: sizes are those of now. --kops reads a specification.`,
        ]
      : []),
  ];
}

function nodeLabelsOf({ renamedLabels, renamedGroups }: DraftStacks): DraftedGreen["nodeLabels"] {
  const renamed = Object.keys(renamedGroups).length > 0;
  return Object.fromEntries(
    Object.entries(renamedLabels).map(([key, ours]) => [
      key,
      { key: ours, ...(renamed && ours === "clustershift.io/group" && { values: renamedGroups }) },
    ]),
  );
}
