import { randomUUID } from "node:crypto";
import { AssociateAddressCommand, CreateTagsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import {
  ChangeResourceRecordSetsCommand,
  GetHostedZoneLimitCommand,
  type Route53Client,
  type RRType,
} from "@aws-sdk/client-route-53";
import { messageOf, UserError } from "../model/errors.js";
import type { Probe, Probes } from "./api.js";
import type { Call } from "./call.js";

/** Calls that can't have an effect, and whose answer says whether the real one would be allowed. */
export function createProbes(
  clients: { route53: Route53Client; ec2: EC2Client },
  call: { route53: Call; ec2: Call },
): Probes {
  return {
    changeRecords: ({ zoneId, name, type }) =>
      probe("InvalidChangeBatch", () =>
        call.route53({ action: "ChangeResourceRecordSets", resource: `hosted zone ${zoneId}` }, () =>
          clients.route53.send(
            new ChangeResourceRecordSetsCommand({
              HostedZoneId: zoneId,
              ChangeBatch: {
                Comment: "clustershift asks whether it may: this is refused, and changes nothing",
                // Only a set that is there in every detail can be deleted, and nobody has one of this identifier.
                Changes: [
                  {
                    Action: "DELETE",
                    ResourceRecordSet: {
                      Name: name,
                      Type: type as RRType,
                      SetIdentifier: `clustershift-asks-${randomUUID()}`,
                      Weight: 0,
                      TTL: 1,
                      ResourceRecords: [{ Value: { AAAA: "2001:db8::1", CNAME: "invalid." }[type] ?? "192.0.2.1" }],
                    },
                  },
                ],
              },
            }),
          ),
        ),
      ),
    associate: ({ allocationId, instanceId }) =>
      probe("DryRunOperation", () =>
        call.ec2({ action: "AssociateAddress", resource: allocationId }, () =>
          clients.ec2.send(
            new AssociateAddressCommand({
              AllocationId: allocationId,
              InstanceId: instanceId,
              AllowReassociation: true,
              DryRun: true,
            }),
          ),
        ),
      ),
    tag: ({ allocationId, key }) =>
      probe("DryRunOperation", () =>
        call.ec2({ action: "CreateTags", resource: allocationId }, () =>
          clients.ec2.send(
            new CreateTagsCommand({ Resources: [allocationId], Tags: [{ Key: key, Value: "" }], DryRun: true }),
          ),
        ),
      ),
    async freeRecordSets(zoneId) {
      const { Limit, Count } = await call.route53(
        { action: "GetHostedZoneLimit", resource: `hosted zone ${zoneId}` },
        () => clients.route53.send(new GetHostedZoneLimitCommand({ HostedZoneId: zoneId, Type: "MAX_RRSETS_BY_ZONE" })),
      );
      return Math.max(0, (Limit?.Value ?? 0) - (Count ?? 0));
    },
  };
}

const denials = new Set(["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"]);

/** `allowed` only by the one refusal that comes after the permission was checked; whatever else is no answer. */
async function probe(allowedBy: string, ask: () => Promise<unknown>): Promise<Probe> {
  try {
    await ask();
  } catch (error) {
    const { name } = (error instanceof UserError ? error.cause : error) as { name?: string };
    const detail = messageOf(error);
    if (name === allowedBy) return { outcome: "allowed", detail: "" };
    return { outcome: name !== undefined && denials.has(name) ? "denied" : "unknown", detail };
  }
  return { outcome: "unknown", detail: "it was done, though it was asked not to be" };
}
