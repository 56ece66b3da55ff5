import type { AddressTarget, Association, Portion } from "../../../model/traffic.js";
import type { TargetKind } from "../target.js";
import { elasticIpAddress, sameAssociation } from "./address.js";
import { recordAddresses } from "./record.js";
import { type RecordedAddress, recordedAddress } from "./recorded.js";
import { placeStages } from "./stages.js";

/** Elastic IPs: whoever knows the address finds green there, at once. They move group by group and zone by zone. */
export const elasticIp: TargetKind<AddressTarget, RecordedAddress> = {
  kind: "elastic-ip",
  schema: recordedAddress,
  record: recordAddresses,
  open: (recorded, { aws, clock }) => elasticIpAddress(recorded, { ec2: aws.ec2, clock }),
  stages: placeStages,
  portions: (recorded, live) => [portionOf(recorded, live as Association)],
};

/** An address is wholly somewhere. */
function portionOf({ publicIp, group, zone, before, after }: RecordedAddress, live: Association): Portion {
  const [blue, green] = [before, after].map((place) => Number(sameAssociation(live, place)));
  return {
    what: `${publicIp} (${group}, ${zone})`,
    blue: blue ?? 0,
    green: green ?? 0,
    other: blue || green ? 0 : 1,
  };
}
