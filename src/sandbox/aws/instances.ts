import { type EC2Client, RunInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";

/** A subnet and its availability zone. */
export interface ZoneSubnet {
  zone: string;
  subnetId: string;
}

/** Which instances to launch: `count` of them, spread over the subnets in turn. */
export interface GroupLaunch {
  /** The cluster's full name, as in kops: `blue.acme.example`. */
  cluster: string;
  colour: string;
  /** The instance group: `master`, `nodes`, `syslog`. */
  group: string;
  count: number;
  subnets: ZoneSubnet[];
}

export interface Instance {
  id: string;
  group: string;
  zone: string;
  privateIp: string;
  /** The node's name on AWS: `ip-172-20-32-4.eu-central-1.compute.internal`. */
  privateDnsName: string;
  /** `spec.providerID` of its node: `aws:///eu-central-1a/i-0123`. */
  providerId: string;
}

/** Any image will do: the emulator runs nothing. */
const IMAGE = "ami-12c6146b";
const INSTANCE_TYPE = "m5.large";

/** Launches a group's instances, tagged as kops tags them. Returns them zone by zone in turn. */
export async function launchGroup(ec2: EC2Client, launch: GroupLaunch): Promise<Instance[]> {
  const perSubnet = await Promise.all(
    launch.subnets.map((subnet, index) => launchIn(ec2, launch, subnet, shareOf(launch, index))),
  );
  const rounds = Math.ceil(launch.count / launch.subnets.length);
  return Array.from({ length: rounds }, (_, round) => perSubnet.map((instances) => instances[round]))
    .flat()
    .filter((instance) => instance !== undefined);
}

/** Terminates instances. Ids that are unknown make the emulator refuse, as AWS does. */
export async function terminate(ec2: EC2Client, instanceIds: string[]): Promise<void> {
  if (instanceIds.length > 0) await ec2.send(new TerminateInstancesCommand({ InstanceIds: instanceIds }));
}

/** How many of the group's instances stand in the subnet with this index: as even as can be, the first ones first. */
function shareOf({ count, subnets }: GroupLaunch, index: number): number {
  return Math.floor((count + subnets.length - 1 - index) / subnets.length);
}

async function launchIn(ec2: EC2Client, launch: GroupLaunch, subnet: ZoneSubnet, count: number): Promise<Instance[]> {
  if (count === 0) return [];
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({
      ImageId: IMAGE,
      InstanceType: INSTANCE_TYPE,
      MinCount: count,
      MaxCount: count,
      SubnetId: subnet.subnetId,
      TagSpecifications: [{ ResourceType: "instance", Tags: tagsOf(launch) }],
    }),
  );
  return Instances.map(({ InstanceId, PrivateIpAddress, PrivateDnsName }) => {
    if (!InstanceId || !PrivateIpAddress || !PrivateDnsName) throw new Error("the emulator launched half an instance");
    return {
      id: InstanceId,
      group: launch.group,
      zone: subnet.zone,
      privateIp: PrivateIpAddress,
      privateDnsName: PrivateDnsName,
      providerId: `aws:///${subnet.zone}/${InstanceId}`,
    };
  });
}

function tagsOf({ cluster, colour, group }: GroupLaunch): { Key: string; Value: string }[] {
  return [
    { Key: "Name", Value: `${group}.${cluster}` },
    { Key: "KubernetesCluster", Value: cluster },
    { Key: `kubernetes.io/cluster/${cluster}`, Value: "owned" },
    { Key: "kops.k8s.io/instancegroup", Value: group },
    { Key: `k8s.io/role/${group === "master" ? "master" : "node"}`, Value: "1" },
    { Key: "colour", Value: colour },
  ];
}
