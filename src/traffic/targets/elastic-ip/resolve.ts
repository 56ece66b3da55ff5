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
  for (const { group } of groups) {
    const blue = nodes.blue.filter((node) => node.group === group);
    const green = nodes.green.filter((node) => node.group === group);
    const addresses = await ec2.addresses({ instanceIds: blue.map(({ instanceId }) => instanceId) });
    targets.push(...pairAddresses(group, addresses, blue, green));
  }
  return targets;
}

/**
 * Each address to an instance of the same zone, in the order of the nodes' names: the same every time. Pure.
 *
 * @throws UserError `config-invalid` where a group has no addresses, or green has too few nodes in a zone
 */
export function pairAddresses(
  group: string,
  addresses: readonly Association[],
  blue: readonly NodeInstance[],
  green: readonly NodeInstance[],
): AddressTarget[] {
  if (addresses.length === 0) {
    throw trouble(
      `No instance of blue's group ${group} has an Elastic IP.`,
      "Mend traffic.elasticIps in clustershift.yaml.",
    );
  }
  const byName = (a: NodeInstance, b: NodeInstance) => (a.node < b.node ? -1 : 1);
  const free = [...green].sort(byName);
  return [...blue].sort(byName).flatMap((from) =>
    addresses
      .filter(({ instanceId }) => instanceId === from.instanceId)
      .map(({ allocationId, publicIp }) => {
        const index = free.findIndex(({ zone }) => zone === from.zone);
        const [to] = index < 0 ? [] : free.splice(index, 1);
        if (!to) {
          throw trouble(
            `Green's group ${group} has too few nodes in ${from.zone}: none is left for ${publicIp}, now at ${from.node}.`,
            "Give green as many nodes in each zone as blue has addresses there.",
          );
        }
        return {
          kind: "elastic-ip" as const,
          allocationId,
          publicIp,
          group,
          zone: from.zone,
          greenInstanceId: to.instanceId,
        };
      }),
  );
}

function trouble(what: string, fix: string): UserError {
  return new UserError({ code: "config-invalid", what, fix });
}
