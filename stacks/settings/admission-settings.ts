import { z } from "zod";

/** What lets a cluster in, and belongs to others. */

export const securityGroupId = z
  .string("the id of a security group is needed")
  .regex(/^sg-[0-9a-f]+$/, "is not the id of a security group, such as sg-0a1b2c3d");

const port = z.int("must be a port").min(0, "must be 0 or more").max(65535, "must be at most 65535");

export const admissionSchema = z
  .strictObject({
    securityGroupId: securityGroupId.describe("Whose group it is added to: a database's, a cache's."),
    direction: z
      .enum(["in", "out"], "must be in or out")
      .default("in")
      .describe("`in` lets this cluster's nodes in; `out` lets what carries the group reach them."),
    protocol: z
      .string("must be text: tcp, udp, icmp, all, or a number in quotes")
      .regex(/^(tcp|udp|icmp|all|\d{1,3})$/, "must be tcp, udp, icmp, all, or a protocol's number")
      .default("tcp")
      .describe("`tcp`, `udp`, `icmp`, `all`, or a protocol's number."),
    ports: z
      .strictObject({ from: port.describe("The first."), to: port.describe("The last.") })
      .refine(({ from, to }) => from <= to, "from must not be above to")
      .optional()
      .describe("Of tcp and udp."),
  })
  .superRefine(({ protocol, ports }, context) => {
    const hasPorts = ["tcp", "udp"].includes(protocol);
    if (hasPorts === (ports !== undefined)) return;
    const message = hasPorts ? `${protocol} needs the ports` : `${protocol} has no ports`;
    context.addIssue({ code: "custom", path: ["ports"], message });
  });

export type AdmissionSettings = z.output<typeof admissionSchema>;

/** Which rule it is, once in a group: `sg-0a1b-in-tcp-5432`. */
export function admissionKey({ securityGroupId: group, direction, protocol, ports }: AdmissionSettings): string {
  const range = ports === undefined ? "" : ports.from === ports.to ? `-${ports.from}` : `-${ports.from}-${ports.to}`;
  return `${group}-${direction}-${protocol}${range}`;
}
