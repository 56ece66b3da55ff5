import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import { ChangeResourceRecordSetsCommand, CreateHostedZoneCommand, type Route53Client } from "@aws-sdk/client-route-53";
import type { AwsClients } from "./clients.js";
import { type Instance, launchGroup, type ZoneSubnet } from "./instances.js";
import { apexRecords, foreignRecords, type RecordsSpec, servedRecords } from "./records.js";

export interface ProductionSpec extends RecordsSpec {
  /** Availability zones: `eu-central-1a`. */
  availabilityZones: string[];
  /** The cluster's full name: `blue.acme.example`. */
  cluster: string;
  colour: string;
  groups: { name: string; count: number }[];
  /** The group whose instances each have an Elastic IP. */
  addressGroup: string;
}

export interface ElasticIp {
  allocationId: string;
  publicIp: string;
  instanceId: string;
}

export interface Production {
  vpcId: string;
  subnets: ZoneSubnet[];
  instances: Instance[];
  addresses: ElasticIp[];
  /** Without the `/hostedzone/` before it. */
  hostedZoneId: string;
}

/** Makes the incident's production in an empty emulator: network, instances, Elastic IPs and the hosted zone. */
export async function seedProduction({ ec2, route53 }: AwsClients, spec: ProductionSpec): Promise<Production> {
  const hostedZoneId = await createZone(route53, spec);
  const { vpcId, subnets } = await createNetwork(ec2, spec.availabilityZones);
  const instances: Instance[] = [];
  for (const { name, count } of spec.groups) {
    const { cluster, colour } = spec;
    instances.push(...(await launchGroup(ec2, { cluster, colour, group: name, count, subnets })));
  }
  const addresses: ElasticIp[] = [];
  for (const instance of instances.filter(({ group }) => group === spec.addressGroup)) {
    addresses.push(await giveAddress(ec2, instance, addresses.length));
  }
  return { vpcId, subnets, instances, addresses, hostedZoneId };
}

async function createZone(route53: Route53Client, spec: RecordsSpec): Promise<string> {
  const { HostedZone } = await route53.send(
    new CreateHostedZoneCommand({ Name: spec.zone, CallerReference: `sandbox ${spec.zone}` }),
  );
  const id = required(HostedZone?.Id, "hosted zone").replace("/hostedzone/", "");
  const changes = [...apexRecords(spec.zone), ...servedRecords(spec), ...foreignRecords(spec.zone)].map((set) => ({
    Action: "UPSERT" as const,
    ResourceRecordSet: set,
  }));
  await route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch: { Changes: changes } }));
  return id;
}

/** One /19 in each zone, as kops lays them out. */
async function createNetwork(ec2: EC2Client, zones: string[]): Promise<{ vpcId: string; subnets: ZoneSubnet[] }> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "172.20.0.0/16" }));
  const vpcId = required(Vpc?.VpcId, "VPC");
  await ec2.send(new CreateTagsCommand({ Resources: [vpcId], Tags: [{ Key: "Name", Value: "production" }] }));
  const subnets: ZoneSubnet[] = [];
  for (const [index, zone] of zones.entries()) {
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId: vpcId,
        AvailabilityZone: zone,
        CidrBlock: `172.20.${32 * (index + 1)}.0/19`,
        TagSpecifications: [{ ResourceType: "subnet", Tags: [{ Key: "Name", Value: `${zone}.production` }] }],
      }),
    );
    subnets.push({ zone, subnetId: required(Subnet?.SubnetId, "subnet") });
  }
  return { vpcId, subnets };
}

async function giveAddress(ec2: EC2Client, instance: Instance, index: number): Promise<ElasticIp> {
  const { AllocationId, PublicIp } = await ec2.send(
    new AllocateAddressCommand({
      Domain: "vpc",
      TagSpecifications: [{ ResourceType: "elastic-ip", Tags: [{ Key: "Name", Value: `${instance.group}-${index}` }] }],
    }),
  );
  const allocationId = required(AllocationId, "Elastic IP");
  await ec2.send(new AssociateAddressCommand({ AllocationId: allocationId, InstanceId: instance.id }));
  return { allocationId, publicIp: required(PublicIp, "Elastic IP"), instanceId: instance.id };
}

function required(value: string | undefined, what: string): string {
  if (!value) throw new Error(`the AWS emulator made no ${what}`);
  return value;
}
