import {
  DescribeAddressesCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  DescribeLoadBalancersCommand as DescribeClassicCommand,
  DescribeTagsCommand as DescribeClassicTagsCommand,
  ElasticLoadBalancingClient,
} from "@aws-sdk/client-elastic-load-balancing";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { ListHostedZonesCommand, ListResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { canonicalJson } from "../../../src/model/canonical.js";
import { region } from "./account.js";

/** Everything in an emulator that a cluster or a sweep could have to do with, read past the code under test: whole, by id. */
export async function dump(endpoint: string): Promise<Map<string, string>> {
  const settings = { endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const found = new Map<string, string>();
  await dumpEc2(new EC2Client(settings), found);
  await dumpElbv2(new ElasticLoadBalancingV2Client(settings), found);
  await dumpClassic(new ElasticLoadBalancingClient(settings), found);
  await dumpRecords(new Route53Client(settings), found);
  return found;
}

/** What is in one and not, or not the same, in the other: `gone ID`, `new ID`, `changed ID`. */
export function difference(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [
    ...[...before].flatMap(([id, state]) => {
      const now = after.get(id);
      return now === state ? [] : [now === undefined ? `gone ${id}` : `changed ${id}`];
    }),
    ...[...after.keys()].filter((id) => !before.has(id)).map((id) => `new ${id}`),
  ];
}

type Found = Map<string, string>;
const note = (found: Found, id: string | undefined, state: unknown) => found.set(id ?? "?", canonicalJson(state));

async function dumpEc2(ec2: EC2Client, found: Found): Promise<void> {
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
  for (const each of Vpcs) note(found, each.VpcId, each);
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  // How many addresses are free follows from the interfaces, which are here themselves.
  for (const { AvailableIpAddressCount: _, ...each } of Subnets) note(found, each.SubnetId, each);
  const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({}));
  for (const each of RouteTables) note(found, each.RouteTableId, each);
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
  for (const each of Reservations.flatMap(({ Instances = [] }) => Instances)) note(found, each.InstanceId, each);
  const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({}));
  for (const each of Volumes) note(found, each.VolumeId, each);
  const { Snapshots = [] } = await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ["self"] }));
  for (const each of Snapshots) note(found, each.SnapshotId, each);
  const { Images = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ["self"] }));
  for (const each of Images) note(found, each.ImageId, each);
  const { NetworkInterfaces = [] } = await ec2.send(new DescribeNetworkInterfacesCommand({}));
  for (const each of NetworkInterfaces) note(found, each.NetworkInterfaceId, each);
  const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({}));
  for (const each of Addresses) note(found, each.AllocationId, each);
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  for (const each of SecurityGroups) note(found, each.GroupId, each);
  const { LaunchTemplates = [] } = await ec2.send(new DescribeLaunchTemplatesCommand({}));
  for (const each of LaunchTemplates) note(found, each.LaunchTemplateId, each);
  ec2.destroy();
}

async function dumpElbv2(elb: ElasticLoadBalancingV2Client, found: Found): Promise<void> {
  const tags = async (arn: string | undefined) =>
    (await elb.send(new DescribeTagsCommand({ ResourceArns: [arn ?? ""] }))).TagDescriptions;
  const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
  for (const { LoadBalancerArn: arn, ...each } of LoadBalancers) {
    const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn: arn }));
    const rules = [];
    for (const { ListenerArn } of Listeners)
      rules.push((await elb.send(new DescribeRulesCommand({ ListenerArn }))).Rules);
    note(found, arn, { ...each, Listeners, rules, tags: await tags(arn) });
  }
  const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
  for (const { TargetGroupArn: arn, ...each } of TargetGroups) {
    const health = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn }));
    note(found, arn, { ...each, targets: health.TargetHealthDescriptions, tags: await tags(arn) });
  }
  elb.destroy();
}

async function dumpClassic(elb: ElasticLoadBalancingClient, found: Found): Promise<void> {
  const { LoadBalancerDescriptions = [] } = await elb.send(new DescribeClassicCommand({}));
  for (const { LoadBalancerName: name = "", ...each } of LoadBalancerDescriptions) {
    const tags = await elb.send(new DescribeClassicTagsCommand({ LoadBalancerNames: [name] }));
    note(found, name, { ...each, tags: tags.TagDescriptions });
  }
  elb.destroy();
}

async function dumpRecords(route53: Route53Client, found: Found): Promise<void> {
  const { HostedZones = [] } = await route53.send(new ListHostedZonesCommand({}));
  for (const { Id = "", ResourceRecordSetCount: _, ...zone } of HostedZones) {
    note(found, Id, zone);
    const { ResourceRecordSets = [] } = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: Id }));
    for (const set of ResourceRecordSets) note(found, `${Id.replace("/hostedzone/", "")}/${set.Name}/${set.Type}`, set);
  }
  route53.destroy();
}
