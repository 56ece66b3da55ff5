import type { Ec2Api } from "../../../aws/api.js";
import type { Config } from "../../../config/schema.js";
import { UserError } from "../../../model/errors.js";
import type { AddressTarget, Association } from "../../../model/traffic.js";

/** A node with the instance that it runs on. */
export interface NodeInstance {
  node: string;
  group: string;
  zone: string;
  instanceId: string;
}

/** The Elastic IPs of the configured groups: those on blue's instances, each with green's instance that takes it. */
export async function addressTargets(
  groups: Config["traffic"]["elasticIps"],
  nodes: { blue: readonly NodeInstance[]; green: readonly NodeInstance[] },
  ec2: Pick<Ec2Api, "addresses">,
): Promise<AddressTarget[]> {
  const targets: AddressTarget[] = [];
  for (const { group, otherZones } of groups) {
    const blue = nodes.blue.filter((node) => node.group === group);
    const green = nodes.green.filter((node) => node.group === group);
    const addresses = await ec2.addresses({ instanceIds: blue.map(({ instanceId }) => instanceId) });
    targets.push(...pairAddresses(group, addresses, blue, green, otherZones));
  }
  return targets;
}

/**
 * Each address to an instance of the same zone, in the order of the nodes' names: the same every time. What is left then goes, where it
 * may, to free instances of other zones in that order. Green's instances beyond that get none. Pure.
 *
 * @param otherZones whether an address may leave its zone: it is the region's, and only its traffic then crosses zones
 * @throws UserError `config-invalid` where a group has no addresses, or green has too few nodes; names every address without a place
 */
export function pairAddresses(
  group: string,
  addresses: readonly Association[],
  blue: readonly NodeInstance[],
  green: readonly NodeInstance[],
  otherZones = false,
): AddressTarget[] {
  if (addresses.length === 0) {
    throw trouble(
      `No instance of blue's group ${group} has an Elastic IP.`,
      "Mend traffic.elasticIps in clustershift.yaml.",
    );
  }
  const byName = (a: NodeInstance, b: NodeInstance) => (a.node < b.node ? -1 : 1);
  const free = [...green].sort(byName);
  const take = (fits: (node: NodeInstance) => boolean) => {
    const index = free.findIndex(fits);
    return index < 0 ? undefined : free.splice(index, 1)[0];
  };
  const pairs = [...blue]
    .sort(byName)
    .flatMap((from) =>
      addresses
        .filter(({ instanceId }) => instanceId === from.instanceId)
        .map((address) => ({ address, from, to: take(({ zone }) => zone === from.zone) })),
    );
  // Only once every zone has had its own.
  if (otherZones) for (const pair of pairs) pair.to ??= take(() => true);
  const left = pairs.filter(({ to }) => to === undefined);
  if (left.length > 0) throw tooFew(group, left, otherZones);
  return pairs.map(({ address: { allocationId, publicIp }, from, to }) => {
    return {
      kind: "elastic-ip",
      allocationId,
      publicIp,
      group,
      zone: from.zone,
      greenInstanceId: to?.instanceId ?? "",
    };
  });
}

function tooFew(
  group: string,
  left: readonly { address: Association; from: NodeInstance }[],
  otherZones: boolean,
): UserError {
  const lines = left.map(({ address, from }) =>
    otherZones
      ? `Green's group ${group} has too few nodes: none is left for ${address.publicIp}, now at ${from.node}.`
      : `Green's group ${group} has too few nodes in ${from.zone}: none is left for ${address.publicIp}, now at ${from.node}.`,
  );
  return trouble(
    lines.join("\n"),
    otherZones
      ? "Give green as many nodes as blue has addresses."
      : "Give green as many nodes in each zone as blue has addresses there, or let them go to other zones: otherZones: true beside the group in traffic.elasticIps.",
  );
}

function trouble(what: string, fix: string): UserError {
  return new UserError({ code: "config-invalid", what, fix });
}
