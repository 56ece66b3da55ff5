import type { SecurityGroup } from "@aws-sdk/client-ec2";
import type { BlueFace, Door, FaceSubnet, Faces, GreenFace } from "../../model/faces.js";
import { rangesOverlap } from "../../model/ranges.js";
import { type Attempt, createAttempt } from "./attempt.js";
import { blueGroups, instancesOf, nodeOf } from "./blue.js";
import { aclDoor, groupDoor, prefixListsOf, withUsers } from "./doors.js";
import type { Ec2Lists } from "./ec2-lists.js";
import type { createEks, EksFace } from "./eks.js";
import { egressOf, endpointOf, peeringsOf, subnetsBy, subnetsOf } from "./network.js";
import { type Document, namingOf } from "./policies.js";
import type { FacesQuestion } from "./question.js";
import { type Trust, trustOf } from "./trust.js";

export interface FaceSources {
  ec2: Ec2Lists;
  eks: ReturnType<typeof createEks>;
  iam: Trust;
  bucketPolicies(): Promise<{ documents: Document[]; unread: Faces["unread"] }>;
  keyPolicies(): Promise<{ documents: Document[]; unread: Faces["unread"] }>;
}

/** Reads all that knows blue's face; what is refused is named in `unread`, and the rest is read all the same. */
export async function readFaces(
  place: Pick<Faces, "account" | "region">,
  question: FacesQuestion,
  sources: FaceSources,
): Promise<Faces> {
  const unread: Faces["unread"] = [];
  const attempt = createAttempt(unread);
  const { ec2, iam } = sources;
  const groups = await attempt("security groups", () => ec2.securityGroups(), []);
  const blue = await readBlue(question, groups, sources, attempt);
  const green = await readGreen(question, sources, attempt);
  const vpcIds = [...new Set([blue.vpcId, green.vpcId])].flatMap((id) => id ?? []);
  const peerings = await attempt("peerings of networks", () => peeringsOf(vpcIds, ec2), []);
  const endpoints =
    vpcIds.length === 0
      ? []
      : await attempt("VPC endpoints", () => ec2.endpoints([{ Name: "vpc-id", Values: vpcIds }]), []);
  const trusted = { issuers: blue.issuers, roleArns: blue.roleArns, green };
  const all = await attempt("IAM roles and whom they trust", () => iam.roles(), []);
  const roles = all.flatMap((role) => trustOf(role, trusted)).filter(({ arn }) => !blue.roleArns.includes(arn));
  const none = { documents: [], unread: [] };
  const buckets = await attempt("policies of buckets", () => sources.bucketPolicies(), none);
  const keys = await attempt("policies of keys", () => sources.keyPolicies(), none);
  unread.push(...buckets.unread, ...keys.unread);
  const documents = [
    ...buckets.documents,
    ...keys.documents,
    ...endpoints.map(({ VpcEndpointId = "", PolicyDocument }): Document => {
      return { kind: "endpoint", name: VpcEndpointId, document: PolicyDocument };
    }),
  ];
  const names = {
    roleArns: [...blue.roleArns, ...roles.map(({ arn }) => arn), ...blue.podIdentities.map(({ roleArn }) => roleArn)],
    addresses: blue.egress.addresses,
    networks: [
      ...(blue.vpcId ? [blue.vpcId] : []),
      ...endpoints.flatMap(({ VpcId, VpcEndpointId }) => (VpcId === blue.vpcId && VpcEndpointId) || []),
    ],
    greenRoleArn: `arn:aws:iam::${place.account}:role/${green.name}-node`,
  };
  return {
    ...place,
    blue,
    green,
    doors: await readDoors(groups, { blue, green, peerings }, ec2, attempt),
    roles,
    policies: documents.flatMap((document) => namingOf(document, names)),
    endpoints: endpoints.map(endpointOf),
    peerings,
    unread,
  };
}

async function readBlue(
  { blue: { name, instanceIds, moving, issuer } }: FacesQuestion,
  groups: readonly SecurityGroup[],
  { ec2, eks, iam }: FaceSources,
  attempt: Attempt,
): Promise<BlueFace> {
  const instances = await attempt("blue's instances", () => instancesOf(name, instanceIds, ec2), []);
  const cluster = await attempt("blue in EKS", () => eks.cluster(name), undefined);
  const vpcId = instances.find(({ VpcId }) => VpcId)?.VpcId ?? cluster?.vpcId;
  const subnetIds = [...new Set(instances.flatMap(({ SubnetId }) => SubnetId ?? []))];
  const subnets = await attempt("subnets and routes of blue's nodes", () => subnetsOf(subnetIds, ec2), []);
  const nodes = instances.map(nodeOf);
  // Addresses that the cutover moves are green's to leave by afterwards.
  const staying = nodes.filter(({ id }) => !moving.includes(id));
  const profiles = instances.flatMap(({ IamInstanceProfile }) => IamInstanceProfile?.Arn ?? []);
  const roleArns = await attempt("roles of blue's nodes", () => iam.profileRoles(profiles), []);
  return {
    name,
    ...(vpcId && { vpcId }),
    groups: blueGroups(name, groups, instances, cluster),
    subnets,
    nodes,
    issuers: await issuersOf(name, issuer, cluster, iam, attempt),
    roleArns: [...new Set([...roleArns, ...(cluster?.roleArn ? [cluster.roleArn] : [])])],
    podIdentities: cluster ? await attempt("Pod Identity associations of blue", () => eks.podIdentities(name), []) : [],
    egress: await attempt("addresses that blue leaves by", () => egressOf(subnets, staying, ec2), {
      addresses: [],
      unseen: [],
    }),
  };
}

async function issuersOf(
  name: string,
  told: string | undefined,
  cluster: EksFace | undefined,
  iam: Trust,
  attempt: Attempt,
): Promise<string[]> {
  const known = [told, cluster?.issuer].flatMap((issuer) => issuer?.replace(/^https:\/\//, "") ?? []);
  const tagged = known.length > 0 ? [] : await attempt("issuers that IAM knows", () => iam.taggedIssuers(name), []);
  return [...new Set([...known, ...tagged])];
}

async function readGreen(
  { green: { network, egressIps, ...settings } }: FacesQuestion,
  { ec2, eks }: FaceSources,
  attempt: Attempt,
): Promise<GreenFace> {
  const cluster = await attempt("green in EKS", () => eks.cluster(settings.name), undefined);
  const subnets = network.kind === "found" ? await greenSubnets(network, ec2, attempt) : { hidden: [], open: [] };
  const all = [...subnets.hidden, ...subnets.open];
  const vpcId = all[0]?.vpcId ?? cluster?.vpcId;
  const egress =
    network.kind === "found" && all.length > 0
      ? await attempt("addresses that green leaves by", () => egressOf(subnets.hidden, [], ec2), undefined)
      : egressIps && { addresses: egressIps, unseen: [] };
  return {
    ...settings,
    network: network.kind === "found" && all.length === 0 ? "unknown" : network.kind,
    ...(vpcId && { vpcId }),
    ranges: network.kind === "new" ? [network.range] : all.map(({ range }) => range),
    subnets: all,
    ...(egress && { egress }),
    ...(cluster?.groupIds[0] && { groupId: cluster.groupIds[0] }),
    ...(cluster?.issuer && { issuer: cluster.issuer }),
  };
}

async function greenSubnets(
  { vpc, privateSubnets, publicSubnets }: Extract<FacesQuestion["green"]["network"], { kind: "found" }>,
  ec2: Ec2Lists,
  attempt: Attempt,
): Promise<{ hidden: FaceSubnet[]; open: FaceSubnet[] }> {
  return attempt(
    "green's network",
    async () => {
      const [found, other] = await ec2.vpcs(vpc);
      if (!found?.VpcId || other) return { hidden: [], open: [] };
      const inIt = { Name: "vpc-id", Values: [found.VpcId] };
      return {
        hidden: await subnetsBy([inIt, ...privateSubnets], ec2),
        open: publicSubnets ? await subnetsBy([inIt, ...publicSubnets], ec2) : [],
      };
    },
    { hidden: [], open: [] },
  );
}

/** Groups and ACLs of which a rule may be about blue: it names a group or an address of its, but for rules about everyone. */
async function readDoors(
  groups: readonly SecurityGroup[],
  { blue, green, peerings }: Pick<Faces, "blue" | "green" | "peerings">,
  ec2: Ec2Lists,
  attempt: Attempt,
): Promise<Door[]> {
  if (!blue.vpcId) return [];
  const peers = peerings.map(({ vpcIds }) => vpcIds).filter((ends) => ends.includes(blue.vpcId ?? ""));
  const lists = prefixListsOf(groups);
  const ranges =
    lists.length > 0
      ? await attempt("prefix lists", () => ec2.prefixLists(lists), new Map<string, string[]>())
      : new Map();
  const ways = [...new Set([blue.vpcId, ...peers.flat()])];
  const attached = await attempt("networks on blue's transit gateways", () => attachedTo(blue, ec2), []);
  const near = [...new Set([...ways, ...attached])];
  const acls = await attempt("network ACLs", () => ec2.acls([{ Name: "vpc-id", Values: near }]), []);
  const own = new Set(blue.groups.filter((group) => group.own).map(({ id }) => id));
  // Those of blue's own subnets keep what comes to blue.
  const others = acls.filter(({ NetworkAclId }) => !blue.subnets.some(({ aclId }) => aclId === NetworkAclId));
  const doors = [...groups.map((group) => groupDoor(group, ranges)), ...others.map(aclDoor)]
    .filter(({ id }) => !own.has(id) && id !== green.groupId)
    .map((door) => ({ ...door, near: near.includes(door.vpcId) }));
  const concerned = doors.filter((door) => concerns(door, blue));
  return attempt("who stands behind security groups", () => withUsers(concerned, ec2), concerned);
}

function concerns({ openings, near }: Door, blue: BlueFace): boolean {
  const inside = near ? blue.nodes.flatMap(({ privateIps }) => privateIps) : [];
  const addresses = [...inside, ...blue.egress.addresses];
  return openings.some(({ peer }) =>
    "group" in peer
      ? blue.groups.some(({ id }) => id === peer.group)
      : peer.ranges.some((range) => range !== "0.0.0.0/0" && addresses.some((each) => rangesOverlap(each, range))),
  );
}

/** Networks that blue reaches by a transit gateway. */
async function attachedTo({ subnets }: BlueFace, ec2: Ec2Lists): Promise<string[]> {
  const Values = [...new Set(subnets.flatMap(({ routes }) => routes.map(({ by }) => by)))].filter((by) =>
    by.startsWith("tgw-"),
  );
  if (Values.length === 0) return [];
  const found = await ec2.gatewayAttachments([{ Name: "transit-gateway-id", Values }]);
  return found.flatMap(({ VpcId }) => VpcId ?? []);
}
