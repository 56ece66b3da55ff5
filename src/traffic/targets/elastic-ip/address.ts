import type { AssociateRequest, Ec2Api } from "../../../aws/api.js";
import type { Clock } from "../../../model/clock.js";
import { UserError } from "../../../model/errors.js";
import type { Association } from "../../../model/traffic.js";
import type { TrafficTarget } from "../target.js";

/** EC2 may show an old association for a moment. */
const looks = 10;
const betweenLooksMs = 500;

/** One Elastic IP. Its state is its association, equal to another but for the association id: each move makes a new one. */
export function elasticIpAddress(
  { key, allocationId }: { key: string; allocationId: string },
  { ec2, clock }: { ec2: Ec2Api; clock: Clock },
): TrafficTarget<Association> {
  const observe = async (): Promise<Association> => {
    const [association] = await ec2.addresses({ allocationIds: [allocationId] });
    if (association) return association;
    throw new UserError({
      code: "drifted",
      what: `Elastic IP ${allocationId} is gone: somebody released it.`,
      fix: "Nothing can bring back a released address. Take it out of clustershift.yaml, and give its group a new one.",
    });
  };
  return {
    key,
    observe,
    same: sameAssociation,
    describe: (association) => [describeAssociation(association)],
    async move(from, to) {
      if (!to.networkInterfaceId) {
        if (from.associationId) await ec2.disassociate(from.associationId);
        return undefined;
      }
      await refuseToDisplace(ec2, to);
      await ec2.associate(await requestFor(ec2, from, to));
      return undefined;
    },
    async settle(to, _changeId, signal) {
      for (let look = 1; ; look++) {
        const live = await observe();
        if (sameAssociation(live, to) || look === looks) return live;
        await clock.sleep(betweenLooksMs, signal);
      }
    },
  };
}

export function sameAssociation(a: Association, b: Association): boolean {
  return (
    a.allocationId === b.allocationId &&
    a.publicIp === b.publicIp &&
    a.instanceId === b.instanceId &&
    a.networkInterfaceId === b.networkInterfaceId &&
    a.privateIpAddress === b.privateIpAddress
  );
}

export function describeAssociation(association: Association): string {
  return `${association.publicIp} (${association.allocationId}) is at ${placeOf(association)}`;
}

function placeOf({ instanceId, networkInterfaceId, privateIpAddress }: Association): string {
  if (!networkInterfaceId) return "no interface";
  return `${instanceId ? `${instanceId}, ` : ""}${networkInterfaceId}, ${privateIpAddress ?? "its primary address"}`;
}

/** AWS takes an address's place away without a word when another one is put there. */
async function refuseToDisplace(ec2: Ec2Api, to: Association): Promise<void> {
  const there = await ec2.addresses({ interfaceIds: to.networkInterfaceId ? [to.networkInterfaceId] : [] });
  const other = there.find(
    (address) => address.allocationId !== to.allocationId && address.privateIpAddress === to.privateIpAddress,
  );
  if (!other) return;
  throw new UserError({
    code: "drifted",
    what: `Elastic IP ${other.publicIp} is already at ${placeOf(to)}: moving ${to.publicIp} there would take it away.`,
    fix: `Move ${other.publicIp} elsewhere first: aws ec2 disassociate-address --association-id ${other.associationId ?? "ID"}`,
  });
}

async function requestFor(ec2: Ec2Api, from: Association, to: Association): Promise<AssociateRequest> {
  const common = {
    allocationId: to.allocationId,
    ...(to.privateIpAddress && { privateIpAddress: to.privateIpAddress }),
    // An address that nobody had when we looked must still be nobody's; only one that is somebody's is taken.
    allowReassociation: from.networkInterfaceId !== undefined,
  };
  if (to.instanceId) {
    const [instance] = await ec2.instances({ instanceIds: [to.instanceId] });
    if (!instance || instance.state === "terminated") {
      throw new UserError({
        code: "effect-failed",
        what: `Elastic IP ${to.publicIp} can't go to ${to.instanceId}: that instance is gone.`,
        fix: `Give it to another instance by hand: aws ec2 associate-address --allocation-id ${to.allocationId} --instance-id ID`,
      });
    }
    // EC2 takes an instance id only where it is clear which interface is meant.
    if (instance.interfaces.length === 1) return { ...common, instanceId: to.instanceId };
  }
  return { ...common, networkInterfaceId: to.networkInterfaceId ?? "" };
}
