import { describe, expect, it } from "vitest";
import { identify } from "../../../src/sandbox/aws/identify.js";

const signed = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=sandbox/20261123/eu-central-1/${service}/aws4_request, SignedHeaders=host`,
});

describe("identify", () => {
  const zone = "/2013-04-01/hostedzone/Z1";
  it.each([
    ["POST", `${zone}/rrset/`, "route53", "ChangeResourceRecordSets"],
    ["POST", `${zone}/rrset`, "route53", "ChangeResourceRecordSets"],
    ["GET", `${zone}/rrset?maxitems=10&type=A`, "route53", "ListResourceRecordSets"],
    ["GET", "/2013-04-01/change/C1", "route53", "GetChange"],
    ["GET", "/2013-04-01/hostedzone", "route53", "ListHostedZones"],
    ["POST", "/2013-04-01/hostedzone", "route53", "CreateHostedZone"],
    ["GET", zone, "route53", "GetHostedZone"],
    ["GET", "/2013-04-01/hostedzonelimit/Z1/MAX_RRSETS_BY_ZONE", "route53", "GetHostedZoneLimit"],
    ["GET", "/2013-04-01/hostedzonesbyvpc?vpcid=vpc-1&vpcregion=eu-central-1", "route53", "ListHostedZonesByVPC"],
    ["GET", "/2013-04-01/healthcheck", "route53", "ListHealthChecks"],
    ["GET", "/2013-04-01/trafficpolicies", "route53", "GET"],
    ["PUT", "/bucket/key", "s3", "PutObject"],
    ["GET", "/bucket/key?x-id=GetObject", "s3", "GetObject"],
    ["GET", "/bucket?list-type=2&prefix=runs%2F", "s3", "ListObjectsV2"],
    ["GET", "/bucket?policy", "s3", "GetBucketPolicy"],
    ["GET", "/?max-buckets=1000&x-id=ListBuckets", "s3", "ListBuckets"],
    ["DELETE", "/bucket/key", "s3", "DELETE"],
    ["GET", "/clusters", "eks", "ListClusters"],
    ["GET", "/clusters/blue", "eks", "DescribeCluster"],
    ["GET", "/cluster-versions?clusterVersions=1.35", "eks", "DescribeClusterVersions"],
    ["GET", "/addons/supported-versions?addonName=coredns", "eks", "DescribeAddonVersions"],
    ["GET", "/clusters/blue/addons", "eks", "ListAddons"],
    ["GET", "/clusters/blue/addons/coredns", "eks", "DescribeAddon"],
    ["GET", "/clusters/blue/pod-identity-associations?maxResults=9", "eks", "ListPodIdentityAssociations"],
    ["GET", "/clusters/blue/pod-identity-associations/a-1", "eks", "DescribePodIdentityAssociation"],
  ])("%s %s of %s is %s", (method, path, service, action) => {
    expect(identify(method, path, signed(service), "")).toEqual({ service, action, method, path });
  });

  it("reads the action of the query protocol from its body", () => {
    const body = "Action=AssociateAddress&Version=2016-11-15";
    expect(identify("POST", "/", signed("ec2"), body)).toMatchObject({ service: "ec2", action: "AssociateAddress" });
  });

  it("reads that of JSON's protocol from its header", () => {
    const headers = { ...signed("kms"), "x-amz-target": "TrentService.GetKeyPolicy" };
    expect(identify("POST", "/", headers, "")).toMatchObject({ service: "kms", action: "GetKeyPolicy" });
  });

  it("does not take an unsigned request for a service", () => {
    expect(identify("GET", `${zone}/rrset`, {}, "")).toMatchObject({ service: "unknown", action: "GET" });
  });
});
