import { z } from "zod";
import type { Association } from "../../../model/traffic.js";

const association = z
  .object({
    allocationId: z.string(),
    publicIp: z.string(),
    associationId: z.string().optional(),
    instanceId: z.string().optional(),
    networkInterfaceId: z.string().optional(),
    privateIpAddress: z.string().optional(),
  })
  .transform((read) => read as Association);

/** An address, where it was, and where it goes. */
export type RecordedAddress = z.infer<typeof recordedAddress>;

export const recordedAddress = z.object({
  kind: z.literal("elastic-ip"),
  key: z.string(),
  allocationId: z.string(),
  publicIp: z.string(),
  group: z.string(),
  zone: z.string(),
  /** Of green's instance, where that is another one. */
  greenZone: z.string().optional(),
  before: association,
  after: association,
  /** Instances that, when this was recorded, had several interfaces: EC2 then wants to know which one. */
  severalInterfaces: z.array(z.string()).optional(),
});
