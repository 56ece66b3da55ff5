import { allow, type PolicyScope, type Statement } from "./statement.js";

/** Records of the foundation's zones, and of no other. */
export function externalDnsPolicy({ partition, zoneIds }: PolicyScope): Statement[] {
  return [
    allow(
      ["route53:ChangeResourceRecordSets"],
      zoneIds.map((id) => `arn:${partition}:route53:::hostedzone/${id}`),
    ),
    allow(["route53:ListHostedZones", "route53:ListResourceRecordSets", "route53:ListTagsForResources"], "*"),
  ];
}
