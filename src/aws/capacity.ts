import {
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeNatGatewaysCommand,
  DescribeSubnetsCommand,
  EC2Client,
  type Instance,
} from "@aws-sdk/client-ec2";
import type { Clock } from "../model/clock.js";
import type { FreeSubnet } from "../model/preflight.js";
import { createCall } from "./call.js";
import { allPages } from "./pages.js";
import { type AwsSettings, clientSettings } from "./settings.js";
import { tagsOf } from "./tags.js";

/** An instance that counts against the quotas. */
export interface RunningInstance {
  type: string;
  isSpot: boolean;
  /** As it was launched, which may be fewer than its type has; null where EC2 doesn't say. */
  vcpus: number | null;
  tags: Record<string, string>;
}

/** How much of EC2 is used and free, read only. Methods throw UserError `aws-failed`. */
export interface Capacity {
  /** Of the region, running or about to. */
  instances(): Promise<RunningInstance[]>;
  /** vCPUs by instance type; a type that EC2 doesn't have is left out. */
  vcpusOf(types: readonly string[]): Promise<Map<string, number>>;
  /** How many Elastic IPs the region has. */
  addresses(): Promise<number>;
  /** How many NAT gateways each zone has. */
  natGateways(): Promise<Map<string, number>>;
  subnets(ids: readonly string[]): Promise<FreeSubnet[]>;
  /** The subnets in which instances stand. */
  subnetsOf(instanceIds: readonly string[]): Promise<FreeSubnet[]>;
  close(): void;
}

export function openCapacity(
  aws: AwsSettings,
  { clock, random = Math.random }: { clock: Clock; random?: () => number },
): Capacity {
  const client = new EC2Client(clientSettings(aws));
  const { call } = createCall({ clock, now: () => performance.now(), random });
  const found = async (filters: { Name: string; Values: string[] }[]): Promise<Instance[]> => {
    const reservations = await allPages(
      (NextToken) =>
        call({ action: "DescribeInstances", resource: aws.region }, () =>
          client.send(new DescribeInstancesCommand({ Filters: filters, NextToken })),
        ),
      ({ Reservations, NextToken }) => ({ items: Reservations, next: NextToken }),
    );
    return reservations.flatMap(({ Instances = [] }) => Instances);
  };
  const subnets = async (ids: readonly string[]): Promise<FreeSubnet[]> => {
    if (ids.length === 0) return [];
    const { Subnets = [] } = await call({ action: "DescribeSubnets", resource: ids.join(", ") }, () =>
      client.send(new DescribeSubnetsCommand({ SubnetIds: [...ids] })),
    );
    return Subnets.map(({ SubnetId = "", AvailabilityZone = "", AvailableIpAddressCount = 0 }) => ({
      id: SubnetId,
      zone: AvailabilityZone,
      free: AvailableIpAddressCount,
    }));
  };
  return {
    async instances() {
      const running = await found([{ Name: "instance-state-name", Values: ["pending", "running"] }]);
      return running.map(({ InstanceType = "", InstanceLifecycle, CpuOptions, Tags }) => ({
        type: InstanceType,
        isSpot: InstanceLifecycle === "spot",
        vcpus: CpuOptions?.CoreCount ? CpuOptions.CoreCount * (CpuOptions.ThreadsPerCore ?? 1) : null,
        tags: tagsOf(Tags),
      }));
    },
    async vcpusOf(types) {
      if (types.length === 0) return new Map();
      // A filter, since an unknown type among those that are named would fail all of them.
      const { InstanceTypes = [] } = await call({ action: "DescribeInstanceTypes", resource: types.join(", ") }, () =>
        client.send(new DescribeInstanceTypesCommand({ Filters: [{ Name: "instance-type", Values: [...types] }] })),
      );
      return new Map(
        InstanceTypes.map(({ InstanceType = "", VCpuInfo }) => [InstanceType, VCpuInfo?.DefaultVCpus ?? 0]),
      );
    },
    async addresses() {
      const { Addresses = [] } = await call({ action: "DescribeAddresses", resource: aws.region }, () =>
        client.send(new DescribeAddressesCommand({ Filters: [{ Name: "domain", Values: ["vpc"] }] })),
      );
      return Addresses.length;
    },
    async natGateways() {
      const { NatGateways = [] } = await call({ action: "DescribeNatGateways", resource: aws.region }, () =>
        client.send(new DescribeNatGatewaysCommand({ Filter: [{ Name: "state", Values: ["pending", "available"] }] })),
      );
      const placed = await subnets([...new Set(NatGateways.flatMap(({ SubnetId }) => SubnetId ?? []))]);
      const zones = new Map<string, number>();
      for (const { SubnetId } of NatGateways) {
        const zone = placed.find(({ id }) => id === SubnetId)?.zone ?? "unknown";
        zones.set(zone, (zones.get(zone) ?? 0) + 1);
      }
      return zones;
    },
    subnets,
    async subnetsOf(instanceIds) {
      if (instanceIds.length === 0) return [];
      const instances = await found([{ Name: "instance-id", Values: [...instanceIds] }]);
      return subnets([...new Set(instances.flatMap(({ SubnetId }) => SubnetId ?? []))]);
    },
    close() {
      client.destroy();
    },
  };
}
