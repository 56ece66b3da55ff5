import type { AddressTarget } from "../../../model/traffic.js";
import type { TargetKind } from "../target.js";
import { elasticIpAddress } from "./address.js";
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
};
