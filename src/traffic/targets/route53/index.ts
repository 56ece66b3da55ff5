import type { DnsTarget, RecordSet } from "../../../model/traffic.js";
import type { TargetKind } from "../target.js";
import { finishedSets } from "./finish.js";
import { zonePortions } from "./portions.js";
import { recordZones } from "./record.js";
import { withRegistry } from "./record-sets.js";
import { type RecordedZone, recordedZone } from "./recorded.js";
import { shareStages } from "./stages.js";
import { zoneBatch } from "./zone-batch.js";

/** The names of hosted zones: green gets a growing share of their answers, by weights. */
export const route53: TargetKind<DnsTarget, RecordedZone> = {
  kind: "route53",
  schema: recordedZone,
  record: recordZones,
  open: ({ names, registry, ...zone }, { aws, clock }) =>
    zoneBatch({ ...zone, names: withRegistry(names, registry) }, { route53: aws.route53, clock }),
  stages: shareStages,
  portions: (recorded, live) => zonePortions(recorded, live as RecordSet[]),
  finish: (zone, { records }) => finishedSets(zone, records),
};
