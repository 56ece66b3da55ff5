import type { Instance, SecurityGroup, Tag } from "@aws-sdk/client-ec2";
import type { BlueGroup, FaceNode } from "../../model/faces.js";
import { chunksOf } from "../pages.js";
import type { Ec2Lists } from "./ec2-lists.js";
import type { EksFace } from "./eks.js";
import { publicIpsOf } from "./network.js";

/** Blue's instances: those of its nodes, and what carries its tags besides, such as masters. */
export async function instancesOf(name: string, instanceIds: readonly string[], ec2: Ec2Lists): Promise<Instance[]> {
  const asked = [
    ...chunksOf(instanceIds).map((Values) => [{ Name: "instance-id", Values }]),
    [{ Name: "tag-key", Values: [`kubernetes.io/cluster/${name}`] }],
    [{ Name: "tag:KubernetesCluster", Values: [name] }],
  ];
  const found = new Map<string, Instance>();
  for (const filters of asked) for (const each of await ec2.instances(filters)) found.set(each.InstanceId ?? "", each);
  return [...found.values()].filter(({ State }) => !["terminated", "shutting-down"].includes(State?.Name ?? ""));
}

export function nodeOf({ InstanceId: id = "", NetworkInterfaces = [], PublicIpAddress }: Instance): FaceNode {
  const privateIps = NetworkInterfaces.flatMap(({ PrivateIpAddresses = [], PrivateIpAddress }) => [
    ...PrivateIpAddresses.flatMap((each) => each.PrivateIpAddress ?? []),
    ...(PrivateIpAddress ? [PrivateIpAddress] : []),
  ]);
  const publicIps = [...publicIpsOf(NetworkInterfaces), ...(PublicIpAddress ? [PublicIpAddress] : [])];
  return { id, privateIps: [...new Set(privateIps)], publicIps: [...new Set(publicIps)] };
}

/** Groups that kops makes are called after their part and the cluster. */
const kopsParts = ["nodes", "masters", "control-plane", "bastion", "api", "api-elb", "bastion-elb"];

/** Which of all groups are blue's: made for it, or carried by its nodes. */
export function blueGroups(
  name: string,
  all: readonly SecurityGroup[],
  instances: readonly Instance[],
  eks: EksFace | undefined,
): BlueGroup[] {
  const carried = new Set(
    instances.flatMap(({ SecurityGroups = [], NetworkInterfaces = [] }) =>
      [...SecurityGroups, ...NetworkInterfaces.flatMap(({ Groups = [] }) => Groups)].map(({ GroupId }) => GroupId),
    ),
  );
  return all.flatMap(({ GroupId: id = "", GroupName = "", Tags = [] }) => {
    const own = isOwn(name, GroupName, Tags) || eks?.groupIds.includes(id) === true;
    return own || carried.has(id) ? [{ id, name: GroupName, own }] : [];
  });
}

/** By exact names and values: `blue.acme.example` is no part of `nodes.blue.acme.example.org`. */
function isOwn(cluster: string, groupName: string, tags: readonly Tag[]): boolean {
  const tagged = (key: string) => tags.find((tag) => tag.Key === key)?.Value;
  return (
    tagged(`kubernetes.io/cluster/${cluster}`) === "owned" ||
    tagged("KubernetesCluster") === cluster ||
    tagged("aws:eks:cluster-name") === cluster ||
    kopsParts.some((part) => groupName === `${part}.${cluster}`)
  );
}
