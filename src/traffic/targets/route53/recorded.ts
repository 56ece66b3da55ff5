import { z } from "zod";
import type { DnsTarget, RecordSet } from "../../../model/traffic.js";
import type { RecordName } from "./record-sets.js";

export const recordSet = z.looseObject({ Name: z.string(), Type: z.string() }).transform((set) => set as RecordSet);

const aliasTarget = z.object({ HostedZoneId: z.string(), DNSName: z.string(), EvaluateTargetHealth: z.boolean() });

/** The names of a zone that move in one batch, with all their record sets as they were. */
export type RecordedZone = z.infer<typeof recordedZone>;

export const recordedZone = z.object({
  kind: z.literal("route53"),
  key: z.string(),
  zoneId: z.string(),
  names: z
    .array(
      z
        .object({
          name: z.string(),
          type: z.string(),
          green: z.union([z.array(z.string()).min(1), aliasTarget]),
          healthCheckId: z.string().optional(),
        })
        .transform((read) => read as RecordName & Pick<DnsTarget, "green" | "healthCheckId">),
    )
    .min(1),
  /** How many names the whole zone had. */
  zoneNames: z.int().optional(),
  /** Seconds for which resolvers keep the answers of these names at most; not known where an older version recorded it. */
  answerTtl: z.int().min(0).optional(),
  /** TXT records of external-dns, each with the name that it is about: they stay as they are as long as both clusters live. */
  registry: z.array(z.object({ txt: z.string(), name: z.string(), type: z.string() })).optional(),
  /** Whose these records are once blue is gone, by whose they were. */
  owners: z.record(z.string(), z.string()).optional(),
  before: z.array(recordSet),
  base: z.array(recordSet).optional(),
  /** The TXT record that is beside them while they aren't as before: what a rollback needs that has nothing else. */
  mark: recordSet.optional(),
});
