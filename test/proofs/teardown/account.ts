import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  AttachVolumeCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateImageCommand,
  CreateLaunchTemplateCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  CreateVpcCommand,
  DescribeImagesCommand,
  EC2Client,
  type ResourceType,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateLoadBalancerCommand as CreateClassicCommand,
  ElasticLoadBalancingClient,
} from "@aws-sdk/client-elastic-load-balancing";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  type ResourceRecordSet,
  Route53Client,
} from "@aws-sdk/client-route-53";

export type Tags = Record<string, string>;
export const region = "eu-central-1";
const zone = `${region}a`;

/** Makes resources in an emulator as controllers, people and other teams do; each method returns the new one's id. */
export type Account = Awaited<ReturnType<typeof openAccount>>;

export async function openAccount(endpoint: string) {
  const settings = { endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const ec2 = new EC2Client(settings);
  const elbv2 = new ElasticLoadBalancingV2Client(settings);
  const elb = new ElasticLoadBalancingClient(settings);
  const route53 = new Route53Client(settings);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.20.0.0/16" }));
  const VpcId = Vpc?.VpcId ?? "";
  const subnet = async (CidrBlock: string, AvailabilityZone: string) =>
    (await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone }))).Subnet?.SubnetId ?? "";
  const subnets = [await subnet("10.20.1.0/24", zone), await subnet("10.20.2.0/24", `${region}b`)];
  const spec = (ResourceType: ResourceType, tags: Tags) => ({
    TagSpecifications: Object.keys(tags).length > 0 ? [{ ResourceType, Tags: list(tags) }] : [],
  });

  return {
    ec2,
    subnets,
    async balancer(Name: string, tags: Tags, groups: string[] = [], Type: "application" | "network" = "application") {
      const { LoadBalancers } = await elbv2.send(
        new CreateLoadBalancerCommand({ Name, Type, Subnets: subnets, ...(some(tags) && { Tags: list(tags) }) }),
      );
      const { LoadBalancerArn: arn = "", DNSName: dns = "" } = LoadBalancers?.[0] ?? {};
      const forward = groups.map((TargetGroupArn) => ({ Type: "forward" as const, TargetGroupArn }));
      if (forward[0]) {
        const { Listeners } = await elbv2.send(
          new CreateListenerCommand({
            LoadBalancerArn: arn,
            Protocol: Type === "network" ? "TCP" : "HTTP",
            Port: 80,
            DefaultActions: [forward[0]],
          }),
        );
        for (const [index, action] of forward.slice(1).entries()) {
          await elbv2.send(
            new CreateRuleCommand({
              ListenerArn: Listeners?.[0]?.ListenerArn,
              Priority: index + 1,
              Conditions: [{ Field: "path-pattern", Values: [`/${index}/*`] }],
              Actions: [action],
            }),
          );
        }
      }
      return { arn, dns };
    },
    async targetGroup(Name: string, tags: Tags, targets: string[] = [], Protocol: "HTTP" | "TCP" = "HTTP") {
      const { TargetGroups } = await elbv2.send(
        new CreateTargetGroupCommand({ Name, Protocol, Port: 80, VpcId, ...(some(tags) && { Tags: list(tags) }) }),
      );
      const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? "";
      const Targets = targets.map((Id) => ({ Id }));
      if (targets.length > 0) await elbv2.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
      return TargetGroupArn;
    },
    async classic(LoadBalancerName: string, tags: Tags) {
      const { DNSName = "" } = await elb.send(
        new CreateClassicCommand({
          LoadBalancerName,
          Listeners: [{ Protocol: "TCP", LoadBalancerPort: 80, InstancePort: 30080 }],
          AvailabilityZones: [zone],
          ...(some(tags) && { Tags: list(tags) }),
        }),
      );
      return { name: LoadBalancerName, dns: DNSName };
    },
    async group(GroupName: string, tags: Tags, lets: string[] = []) {
      const { GroupId = "" } = await ec2.send(
        new CreateSecurityGroupCommand({ GroupName, Description: GroupName, VpcId, ...spec("security-group", tags) }),
      );
      for (const each of lets) await this.letIn(GroupId, each);
      return GroupId;
    },
    async letIn(GroupId: string, from: string) {
      const UserIdGroupPairs = [{ GroupId: from }];
      const IpPermissions = [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, UserIdGroupPairs }];
      await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    },
    async netInterface(tags: Tags, Groups: string[] = []) {
      const { NetworkInterface } = await ec2.send(
        new CreateNetworkInterfaceCommand({
          SubnetId: subnets[0],
          ...(Groups.length > 0 && { Groups }),
          ...spec("network-interface", tags),
        }),
      );
      return NetworkInterface?.NetworkInterfaceId ?? "";
    },
    async address(tags: Tags, NetworkInterfaceId?: string) {
      const made = await ec2.send(new AllocateAddressCommand({ Domain: "vpc", ...spec("elastic-ip", tags) }));
      const { AllocationId = "", PublicIp = "" } = made;
      if (NetworkInterfaceId) await ec2.send(new AssociateAddressCommand({ AllocationId, NetworkInterfaceId }));
      return { id: AllocationId, ip: PublicIp };
    },
    async volume(tags: Tags, attachedTo?: string) {
      const { VolumeId = "" } = await ec2.send(
        new CreateVolumeCommand({ AvailabilityZone: zone, Size: 1, ...spec("volume", tags) }),
      );
      if (attachedTo) await this.attach(VolumeId, attachedTo);
      return VolumeId;
    },
    async attach(VolumeId: string, InstanceId: string) {
      await ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId, Device: `/dev/${VolumeId.slice(-4)}` }));
    },
    async tag(id: string, tags: Tags) {
      await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: list(tags) }));
    },
    async snapshot(VolumeId: string, tags: Tags) {
      const { SnapshotId = "" } = await ec2.send(new CreateSnapshotCommand({ VolumeId, ...spec("snapshot", tags) }));
      return SnapshotId;
    },
    /** An image of an instance. Returns the snapshot that is its disk. */
    async image(Name: string, InstanceId: string, tags: Tags) {
      const { ImageId = "" } = await ec2.send(new CreateImageCommand({ Name, InstanceId }));
      const { Images = [] } = await ec2.send(new DescribeImagesCommand({ ImageIds: [ImageId] }));
      const disks = (Images[0]?.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);
      const disk = disks[0] ?? "";
      await ec2.send(new CreateTagsCommand({ Resources: [disk], Tags: list(tags) }));
      return disk;
    },
    async launchTemplate(LaunchTemplateName: string, tags: Tags) {
      const { LaunchTemplate } = await ec2.send(
        new CreateLaunchTemplateCommand({
          LaunchTemplateName,
          LaunchTemplateData: { InstanceType: "m5.large" },
          ...spec("launch-template", tags),
        }),
      );
      return LaunchTemplate?.LaunchTemplateId ?? "";
    },
    /** An instance with its own interface, and its security groups. */
    async instance(tags: Tags, SecurityGroupIds: string[] = []) {
      const { Instances } = await ec2.send(
        new RunInstancesCommand({
          ImageId: "ami-12c6146b",
          MinCount: 1,
          MaxCount: 1,
          SubnetId: subnets[0],
          ...(SecurityGroupIds.length > 0 && { SecurityGroupIds }),
          ...spec("instance", tags),
        }),
      );
      return Instances?.[0]?.InstanceId ?? "";
    },
    async zone(Name: string) {
      const { HostedZone } = await route53.send(new CreateHostedZoneCommand({ Name, CallerReference: Name }));
      return (HostedZone?.Id ?? "").replace("/hostedzone/", "");
    },
    async record(HostedZoneId: string, set: ResourceRecordSet) {
      await route53.send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId,
          ChangeBatch: { Changes: [{ Action: "UPSERT", ResourceRecordSet: set }] },
        }),
      );
    },
    close() {
      for (const client of [ec2, elbv2, elb, route53]) client.destroy();
    },
  };
}

const list = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const some = (tags: Tags): boolean => Object.keys(tags).length > 0;
