import { z } from "zod";
import type { RecordSet } from "../../../model/traffic.js";

export const recordSet = z.looseObject({ Name: z.string(), Type: z.string() }).transform((set) => set as RecordSet);

/** The names of a zone that move in one batch, with all their record sets as they were. */
export type RecordedZone = z.infer<typeof recordedZone>;

export const recordedZone = z.object({
  kind: z.literal("route53"),
  key: z.string(),
  zoneId: z.string(),
  names: z.array(z.object({ name: z.string(), type: z.string(), green: z.array(z.string()).min(1) })).min(1),
  before: z.array(recordSet),
  base: z.array(recordSet).optional(),
});
