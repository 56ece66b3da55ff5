import type { IncomingHttpHeaders } from "node:http";

/** One request to AWS, by the names that AWS's own documentation has for it. */
export interface AwsRequest {
  /** As in the signature's scope: `ec2`, `route53`, `s3`; `unknown` where it isn't signed. */
  service: string;
  /** `AssociateAddress`, `ChangeResourceRecordSets`; the HTTP method where the service has no name for it here. */
  action: string;
  method: string;
  /** Path and query. */
  path: string;
}

/** Route 53 has no action in its requests: method and path say it. */
const ROUTE53_ACTIONS: [method: string, path: RegExp, action: string][] = [
  ["POST", /^\/hostedzone\/[^/]+\/rrset$/, "ChangeResourceRecordSets"],
  ["GET", /^\/hostedzone\/[^/]+\/rrset$/, "ListResourceRecordSets"],
  ["GET", /^\/change\/[^/]+$/, "GetChange"],
  ["GET", /^\/hostedzonesbyname$/, "ListHostedZonesByName"],
  ["GET", /^\/hostedzone$/, "ListHostedZones"],
  ["POST", /^\/hostedzone$/, "CreateHostedZone"],
  ["GET", /^\/hostedzone\/[^/]+$/, "GetHostedZone"],
  ["DELETE", /^\/hostedzone\/[^/]+$/, "DeleteHostedZone"],
  ["GET", /^\/healthcheck$/, "ListHealthChecks"],
];

/** `body`: of requests in AWS's query protocol (EC2, STS, IAM), which name their action there; else empty. */
export function identify(method: string, path: string, headers: IncomingHttpHeaders, body: string): AwsRequest {
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\/aws4_request/.exec(headers.authorization ?? "")?.[1];
  const request = { service: service ?? "unknown", method, path };
  if (service === "route53") {
    const route = path.replace(/^\/\d{4}-\d{2}-\d{2}/, "").replace(/\/?(\?.*)?$/, "");
    const known = ROUTE53_ACTIONS.find(([verb, pattern]) => verb === method && pattern.test(route));
    return { ...request, action: known?.[2] ?? method };
  }
  return { ...request, action: new URLSearchParams(body).get("Action") ?? method };
}
