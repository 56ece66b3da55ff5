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
  ["GET", /^\/hostedzonesbyvpc$/, "ListHostedZonesByVPC"],
  ["GET", /^\/hostedzonelimit\/[^/]+\/[^/]+$/, "GetHostedZoneLimit"],
  ["GET", /^\/hostedzone$/, "ListHostedZones"],
  ["POST", /^\/hostedzone$/, "CreateHostedZone"],
  ["GET", /^\/hostedzone\/[^/]+$/, "GetHostedZone"],
  ["DELETE", /^\/hostedzone\/[^/]+$/, "DeleteHostedZone"],
  ["GET", /^\/healthcheck$/, "ListHealthChecks"],
];

/** Likewise S3, asked by path: `/bucket/key?query`. */
const S3_ACTIONS: typeof ROUTE53_ACTIONS = [
  ["GET", /^\/(\?.*)?$/, "ListBuckets"],
  ["GET", /^\/[^/?]+\/?\?policy/, "GetBucketPolicy"],
  ["GET", /^\/[^/?]+\/?\?.*list-type=2/, "ListObjectsV2"],
  ["GET", /^\/[^/?]+\/[^?]/, "GetObject"],
  ["PUT", /^\/[^/?]+\/[^?]/, "PutObject"],
];

const EKS_ACTIONS: typeof ROUTE53_ACTIONS = [
  ["GET", /^\/clusters(\?.*)?$/, "ListClusters"],
  ["GET", /^\/cluster-versions(\?.*)?$/, "DescribeClusterVersions"],
  ["GET", /^\/addons\/supported-versions(\?.*)?$/, "DescribeAddonVersions"],
  ["GET", /^\/clusters\/[^/?]+\/addons(\?.*)?$/, "ListAddons"],
  ["GET", /^\/clusters\/[^/?]+\/addons\/[^/?]+$/, "DescribeAddon"],
  ["GET", /^\/clusters\/[^/?]+$/, "DescribeCluster"],
  ["GET", /^\/clusters\/[^/?]+\/pod-identity-associations(\?.*)?$/, "ListPodIdentityAssociations"],
  ["GET", /^\/clusters\/[^/?]+\/pod-identity-associations\/[^/?]+$/, "DescribePodIdentityAssociation"],
];

/** `body`: of requests in AWS's query protocol (EC2, STS, IAM), which name their action there; else empty. */
export function identify(method: string, path: string, headers: IncomingHttpHeaders, body: string): AwsRequest {
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\/aws4_request/.exec(headers.authorization ?? "")?.[1];
  const request = { service: service ?? "unknown", method, path };
  const by = (actions: typeof ROUTE53_ACTIONS, route: string) =>
    actions.find(([verb, pattern]) => verb === method && pattern.test(route))?.[2] ?? method;
  if (service === "route53") {
    return {
      ...request,
      action: by(ROUTE53_ACTIONS, path.replace(/^\/\d{4}-\d{2}-\d{2}/, "").replace(/\/?(\?.*)?$/, "")),
    };
  }
  if (service === "s3") return { ...request, action: by(S3_ACTIONS, path) };
  if (service === "eks") return { ...request, action: by(EKS_ACTIONS, path) };
  // JSON's protocol: `TrentService.GetKeyPolicy`; and the one that has it in the path.
  const target = String(headers["x-amz-target"] ?? "").split(".")[1] ?? /\/operation\/(\w+)$/.exec(path)?.[1];
  return { ...request, action: target ?? new URLSearchParams(body).get("Action") ?? method };
}
