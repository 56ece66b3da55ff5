import {
  type Address,
  AssociateAddressCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeTagsCommand,
  DisassociateAddressCommand,
  type EC2Client,
  type Filter,
  type Instance as SdkInstance,
} from "@aws-sdk/client-ec2";
import type { Association } from "../model/traffic.js";
import type { Ec2Api, Instance } from "./api.js";
import type { Call } from "./call.js";
import { allPages } from "./pages.js";
import { tagsOf } from "./tags.js";

export function createEc2(client: EC2Client, call: Call): Ec2Api {
  return {
    async addresses({ allocationIds, publicIps, instanceIds, interfaceIds }) {
      const filters = filtersOf({
        "allocation-id": allocationIds,
        "public-ip": publicIps,
        "instance-id": instanceIds,
        "network-interface-id": interfaceIds,
      });
      const { Addresses = [] } = await call(
        { action: "DescribeAddresses", resource: named(filters, "addresses") },
        () => client.send(new DescribeAddressesCommand({ Filters: filters })),
      );
      return Addresses.map(associationOf);
    },

    async associate(request) {
      const command = new AssociateAddressCommand({
        AllocationId: request.allocationId,
        AllowReassociation: request.allowReassociation,
        PrivateIpAddress: request.privateIpAddress,
        ...("instanceId" in request
          ? { InstanceId: request.instanceId }
          : { NetworkInterfaceId: request.networkInterfaceId }),
      });
      const { AssociationId } = await call(
        // Each success makes a new association, so an unclear end is for the caller to look at.
        { action: "AssociateAddress", resource: request.allocationId, idempotent: false },
        () => client.send(command),
      );
      return AssociationId ?? "";
    },

    async disassociate(associationId) {
      await call({ action: "DisassociateAddress", resource: associationId, idempotent: false }, () =>
        client.send(new DisassociateAddressCommand({ AssociationId: associationId })),
      );
    },

    async instances({ instanceIds, tags = {} }) {
      const byTag = Object.entries(tags).map(([key, value]) => [`tag:${key}`, [value]] as const);
      const filters = filtersOf({ "instance-id": instanceIds, ...Object.fromEntries(byTag) });
      const reservations = await allPages(
        (NextToken) =>
          call({ action: "DescribeInstances", resource: named(filters, "instances") }, () =>
            client.send(new DescribeInstancesCommand({ Filters: filters, NextToken })),
          ),
        ({ Reservations, NextToken }) => ({ items: Reservations, next: NextToken }),
      );
      return reservations.flatMap(({ Instances = [] }) => Instances.map(instanceOf));
    },

    async tagged(key) {
      const tags = await allPages(
        (NextToken) =>
          call({ action: "DescribeTags", resource: key }, () =>
            client.send(new DescribeTagsCommand({ Filters: filtersOf({ key: [key] }), NextToken })),
          ),
        ({ Tags, NextToken }) => ({ items: Tags, next: NextToken }),
      );
      return new Map(tags.map(({ ResourceId = "", Value = "" }) => [ResourceId, Value]));
    },

    async tag(resource, Key, Value) {
      await call({ action: "CreateTags", resource, idempotent: false }, () =>
        client.send(new CreateTagsCommand({ Resources: [resource], Tags: [{ Key, Value }] })),
      );
    },

    async untag(resources, Key) {
      await call({ action: "DeleteTags", resource: resources.join(", "), idempotent: false }, () =>
        client.send(new DeleteTagsCommand({ Resources: [...resources], Tags: [{ Key }] })),
      );
    },
  };
}

/** Filters rather than ids: a filter that finds nothing gives an empty list, and an unknown id an error. */
function filtersOf(wanted: Record<string, string[] | undefined>): Filter[] {
  return Object.entries(wanted).flatMap(([Name, Values]) => (Values ? [{ Name, Values }] : []));
}

function named(filters: Filter[], fallback: string): string {
  return filters.flatMap(({ Values = [] }) => Values).join(", ") || fallback;
}

function associationOf(address: Address): Association {
  const association: Association = { allocationId: address.AllocationId ?? "", publicIp: address.PublicIp ?? "" };
  // Emulators give empty strings where AWS gives nothing.
  if (address.AssociationId) association.associationId = address.AssociationId;
  if (address.InstanceId) association.instanceId = address.InstanceId;
  if (address.NetworkInterfaceId) association.networkInterfaceId = address.NetworkInterfaceId;
  if (address.PrivateIpAddress) association.privateIpAddress = address.PrivateIpAddress;
  return association;
}

function instanceOf(instance: SdkInstance): Instance {
  const interfaces = [...(instance.NetworkInterfaces ?? [])].sort(
    (a, b) => (a.Attachment?.DeviceIndex ?? 0) - (b.Attachment?.DeviceIndex ?? 0),
  );
  return {
    instanceId: instance.InstanceId ?? "",
    state: instance.State?.Name ?? "unknown",
    zone: instance.Placement?.AvailabilityZone ?? "",
    tags: tagsOf(instance.Tags),
    interfaces: interfaces.map(({ NetworkInterfaceId = "", PrivateIpAddress = "" }) => ({
      networkInterfaceId: NetworkInterfaceId,
      privateIpAddress: PrivateIpAddress,
    })),
  };
}
