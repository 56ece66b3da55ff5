import type { AwsApi, Instance } from "../../../aws/api.js";
import { type AddressTarget, targetKey } from "../../../model/traffic.js";
import { configTrouble } from "../trouble.js";
import type { RecordedAddress } from "./recorded.js";

export async function recordAddresses(
  targets: readonly AddressTarget[],
  { ec2 }: Pick<AwsApi, "ec2">,
): Promise<RecordedAddress[]> {
  const addresses = await ec2.addresses({ allocationIds: targets.map((target) => target.allocationId) });
  const blue = addresses.flatMap(({ instanceId }) => (instanceId ? [instanceId] : []));
  const instances = await ec2.instances({
    instanceIds: [...new Set([...targets.map((target) => target.greenInstanceId), ...blue])],
  });
  const severalInterfaces = instances
    .filter(({ interfaces }) => interfaces.length > 1)
    .map(({ instanceId }) => instanceId);
  const greens = new Set(targets.map((target) => target.greenInstanceId));
  const primaries = instances.flatMap(({ instanceId, interfaces }) =>
    greens.has(instanceId) ? interfaces.slice(0, 1).map(({ networkInterfaceId }) => networkInterfaceId) : [],
  );
  const moving = new Set(targets.map((target) => target.allocationId));
  // Found out here, and not in the middle of a shift.
  const there = primaries.length === 0 ? [] : await ec2.addresses({ interfaceIds: primaries });
  const occupied = there.filter(({ allocationId }) => !moving.has(allocationId));
  const troubles: string[] = [];
  const recorded = targets.flatMap((target): RecordedAddress[] => {
    const { allocationId, publicIp, group, zone, greenInstanceId } = target;
    const before = addresses.find((address) => address.allocationId === allocationId);
    const instance = instances.find((candidate) => candidate.instanceId === greenInstanceId);
    const nic = instance?.interfaces[0];
    if (!before) troubles.push(`Elastic IP ${publicIp} (${allocationId}) doesn't exist in this account and region.`);
    if (!nic || !isUp(instance)) {
      troubles.push(`${greenInstanceId}, which is to get ${publicIp}, is ${instance?.state ?? "not there"}.`);
    }
    if (!before || !nic) return [];
    const other = occupied.find(
      ({ networkInterfaceId, privateIpAddress }) =>
        networkInterfaceId === nic.networkInterfaceId && privateIpAddress === nic.privateIpAddress,
    );
    if (other) {
      troubles.push(
        `${greenInstanceId}, which is to get ${publicIp}, has ${other.publicIp} already, and would lose it: take that away first, aws ec2 disassociate-address --association-id ${other.associationId ?? "ID"}`,
      );
    }
    const after = { allocationId, publicIp: before.publicIp, instanceId: greenInstanceId, ...nic };
    return [
      {
        kind: "elastic-ip",
        key: targetKey(target),
        allocationId,
        publicIp: before.publicIp,
        group,
        zone,
        ...(instance.zone !== zone && { greenZone: instance.zone }),
        before,
        after,
        ...(severalInterfaces.length > 0 && { severalInterfaces }),
      },
    ];
  });
  if (troubles.length > 0) throw configTrouble(troubles);
  return recorded;
}

function isUp(instance: Instance | undefined): boolean {
  return instance?.state === "running" || instance?.state === "pending";
}
