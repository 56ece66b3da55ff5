import type { Ec2Api } from "../../../aws/api.js";
import type { Clock } from "../../../model/clock.js";
import { UserError } from "../../../model/errors.js";
import type { Association } from "../../../model/traffic.js";
import type { TrafficTarget } from "../target.js";
import type { RecordedAddress } from "./recorded.js";

/** EC2 may show an old association for a moment. */
const looks = 10;
const betweenLooksMs = 500;

/** One Elastic IP. Its state is its association, equal to another but for the association id: each move makes a new one. */
export function elasticIpAddress(
  { key, allocationId, severalInterfaces = [] }: Pick<RecordedAddress, "key" | "allocationId" | "severalInterfaces">,
  { ec2, clock }: { ec2: Ec2Api; clock: Clock },
): TrafficTarget<Association> {
  // All addresses in one call: where this one is, and which ones it could take the place of.
  let all: readonly Association[] = [];
  const observe = async (): Promise<Association> => {
    all = await ec2.addresses({});
    const association = all.find((address) => address.allocationId === allocationId);
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
      if (all.length === 0) await observe();
      refuseToDisplace(all, to);
      await associate(ec2, from, to, severalInterfaces);
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
function refuseToDisplace(all: readonly Association[], to: Association): void {
  const other = all.find(
    (address) =>
      address.allocationId !== to.allocationId &&
      address.networkInterfaceId === to.networkInterfaceId &&
      address.privateIpAddress === to.privateIpAddress,
  );
  if (!other) return;
  throw new UserError({
    code: "drifted",
    what: `Elastic IP ${other.publicIp} is already at ${placeOf(to)}: moving ${to.publicIp} there would take it away.`,
    fix: `Move ${other.publicIp} elsewhere first: aws ec2 disassociate-address --association-id ${other.associationId ?? "ID"}`,
  });
}

/** By the instance where it has one interface, else by the interface: EC2 must know which one is meant. */
async function associate(
  ec2: Ec2Api,
  from: Association,
  to: Association,
  severalInterfaces: readonly string[],
): Promise<void> {
  const { instanceId, networkInterfaceId = "", privateIpAddress } = to;
  const common = {
    allocationId: to.allocationId,
    ...(privateIpAddress && { privateIpAddress }),
    // An address that nobody had when we looked must still be nobody's; only one that is somebody's is taken.
    allowReassociation: from.networkInterfaceId !== undefined,
  };
  if (instanceId && !severalInterfaces.includes(instanceId)) {
    try {
      await ec2.associate({ ...common, instanceId });
      return;
    } catch (error) {
      if (refusalOf(error) === "InvalidInstanceID.NotFound") throw gone(to, instanceId, error);
      // "There are multiple interfaces attached to instance …": it got one after it was recorded.
      if (refusalOf(error) !== "InvalidInstanceID") throw error;
    }
  }
  try {
    await ec2.associate({ ...common, networkInterfaceId });
  } catch (error) {
    if (refusalOf(error) !== "InvalidNetworkInterfaceID.NotFound") throw error;
    throw gone(to, instanceId ?? networkInterfaceId, error);
  }
}

/** EC2's own name for why it refused. */
function refusalOf(error: unknown): string {
  return error instanceof UserError && error.cause instanceof Error ? error.cause.name : "";
}

function gone({ publicIp, allocationId }: Association, place: string, cause: unknown): UserError {
  return new UserError({
    code: "effect-failed",
    what: `Elastic IP ${publicIp} can't go to ${place}: that is gone.`,
    fix: `Give it to another instance by hand: aws ec2 associate-address --allocation-id ${allocationId} --instance-id ID`,
    cause,
  });
}
