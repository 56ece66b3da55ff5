import type { Phase } from "./phases.js";
import type { Place } from "./places.js";
import type { Scope } from "./scope.js";

type Condition = (scope: Scope, phase: Phase) => boolean;

/** An action, why clustershift asks for it, and where it is used. */
export interface Need {
  action: string;
  why: string;
  phases: readonly Phase[];
  place: Place;
  /** What must be configured for it to be needed. */
  of?: Condition;
}

// Init looks for them before anything is configured.
const records: Condition = (scope, phase) => phase === "plan" || scope.records !== undefined;
const addresses: Condition = (scope, phase) => phase === "plan" || scope.addresses;
const balancers: Condition = (scope) => scope.balancers !== undefined;
const marks: Condition = (scope) => scope.markTag !== undefined;
const volumes: Condition = (scope) => scope.volumes;
const both =
  (...parts: Condition[]): Condition =>
  (scope, phase) =>
    parts.every((part) => part(scope, phase));
const read: readonly Phase[] = ["plan"];
const moving: readonly Phase[] = ["cutover", "teardown"];
const looking: readonly Phase[] = ["plan", "cutover", "teardown"];

const need = (action: string, why: string, phases: readonly Phase[], place: Place = "any", of?: Condition): Need => ({
  action,
  why,
  phases,
  place,
  ...(of && { of }),
});

/** What clustershift's own calls need: a change behind src/aws/ is a change here, and a test compares the two. */
export const needs: readonly Need[] = [
  need("route53:GetHostedZone", "a zone that is given by its id", looking, "hosted-zones", records),
  need(
    "route53:ListHostedZonesByName",
    "a zone that is given by its name, and others of that name",
    looking,
    "any",
    records,
  ),
  need("route53:ListHostedZonesByVPC", "the private zone that a network sees", looking, "any", records),
  need(
    "route53:ListResourceRecordSets",
    "records as they are, before each change and after it",
    looking,
    "hosted-zones",
    records,
  ),
  need(
    "route53:ChangeResourceRecordSets",
    "TTLs, weights, the TXT record that marks a shift, and the way back: of the configured names, their marks and external-dns' records of them alone",
    moving,
    "records",
    records,
  ),
  need("route53:GetChange", "whether Route 53's name servers all have a change", moving, "changes", records),
  need(
    "route53:GetHostedZoneLimit",
    "whether the zone has room for green's record sets",
    ["cutover"],
    "hosted-zones",
    records,
  ),

  need(
    "elasticloadbalancing:DescribeLoadBalancers",
    "a listener that is given by name and port",
    looking,
    "any",
    balancers,
  ),
  need(
    "elasticloadbalancing:DescribeListeners",
    "a listener's default action, before each change and after it",
    looking,
    "any",
    balancers,
  ),
  need(
    "elasticloadbalancing:DescribeRules",
    "a rule's actions, before each change and after it",
    looking,
    "any",
    balancers,
  ),
  need(
    "elasticloadbalancing:DescribeTargetGroups",
    "whether green's target group fits blue's",
    moving,
    "any",
    balancers,
  ),
  need(
    "elasticloadbalancing:DescribeTargetHealth",
    "whether green's target group has a healthy target",
    ["cutover"],
    "any",
    balancers,
  ),
  need(
    "elasticloadbalancing:ModifyListener",
    "weights of a default action, and the way back",
    moving,
    "listeners",
    balancers,
  ),
  need("elasticloadbalancing:ModifyRule", "weights of a rule, and the way back", moving, "listener-rules", balancers),
  need(
    "elasticloadbalancing:DescribeTags",
    "what a shift left on listeners and rules",
    moving,
    "any",
    both(balancers, marks),
  ),
  need(
    "elasticloadbalancing:AddTags",
    "how a listener or a rule was, before it moves",
    ["cutover"],
    "marked-listeners",
    both(balancers, marks),
  ),
  need("elasticloadbalancing:RemoveTags", "taking that off again", moving, "marked-listeners", both(balancers, marks)),

  need("ec2:DescribeAddresses", "Elastic IPs, and who has them", looking, "any", addresses),
  need("ec2:DescribeTags", "what a shift left on addresses", moving, "any", both(addresses, marks)),
  need(
    "ec2:CreateTags",
    "where an address was, before it moves; asked about by a dry run",
    ["cutover"],
    "marked-addresses",
    both(addresses, marks),
  ),
  need("ec2:DeleteTags", "taking that off again", moving, "marked-addresses", both(addresses, marks)),
  need(
    "ec2:AssociateAddress",
    "moving an address, and giving it back; asked about by a dry run",
    ["cutover"],
    "elastic-ips",
    addresses,
  ),
  need("ec2:AssociateAddress", "to instances of the two clusters alone", ["cutover"], "clusters-instances", addresses),
  need("ec2:DisassociateAddress", "giving back an address that nobody had", ["cutover"], "elastic-ips", addresses),

  need(
    "ec2:DescribeInstances",
    "which instances are blue's, and which of green's takes which address",
    ["plan", "cutover"],
    "any",
    addresses,
  ),
  need("ec2:DescribeVolumes", "volumes that are copied or handed over, and who has them", ["cutover"], "any", volumes),
  need("ec2:DescribeSnapshots", "whether a copy's snapshot is complete", ["cutover"], "any", volumes),
  need(
    "ec2:CreateSnapshot",
    "snapshots of blue's volumes (volumes sync, cutover)",
    ["cutover"],
    "volume-snapshots",
    volumes,
  ),
  need("ec2:CreateVolume", "copies, made of snapshots of this run's own", ["cutover"], "volume-copies", volumes),
  need("ec2:CreateTags", "of which run and claim a copy is, when it is made", ["cutover"], "volume-tags", volumes),
  need("ec2:DescribeVolumes", "volumes that green has got, before blue goes", ["teardown"], "any", volumes),
  need("ec2:CreateTags", "green's tag on what was handed over", ["teardown"], "handed-over-volumes", volumes),
  need("ec2:DeleteTags", "taking blue's off", ["teardown"], "handed-over-volumes", volumes),
  need("ec2:DescribeVpcs", "blue's network and green's", read),
  need("ec2:DescribeSubnets", "zones and ranges of their subnets", read),
  need("ec2:DescribeRouteTables", "which subnets lead out, and where to", read),
  need("ec2:DescribeNatGateways", "the addresses that they leave by", read),
  need("ec2:DescribeNetworkAcls", "ACLs that let blue in", read),
  need("ec2:DescribeSecurityGroups", "rules that let blue in", read),
  need("ec2:DescribeNetworkInterfaces", "who stands behind a security group", read),
  need("ec2:DescribeManagedPrefixLists", "prefix lists that rules name", read),
  need("ec2:GetManagedPrefixListEntries", "the ranges in them", read),
  need("ec2:DescribeVpcEndpoints", "endpoints of their networks, and the policies of these", read),
  need("ec2:DescribeVpcPeeringConnections", "networks that blue's has a peering with", read),
  need("ec2:DescribeTransitGatewayVpcAttachments", "networks that it reaches by a transit gateway", read),
  need("eks:DescribeCluster", "whether a cluster is EKS's: its groups, role and issuer", read),
  need("eks:ListPodIdentityAssociations", "roles of blue's service accounts by Pod Identity", read),
  need("eks:DescribePodIdentityAssociation", "which role it is", read),
  need("iam:GetInstanceProfile", "roles of blue's nodes", read),
  need("iam:ListOpenIDConnectProviders", "blue's issuer, where EKS doesn't say it", read),
  need("iam:GetOpenIDConnectProvider", "whose issuer it is, by its tags", read),
  need("iam:ListRoles", "roles that trust blue", read),
  need("iam:ListAttachedRolePolicies", "what such a role may do, for green's own (init)", read),
  need("iam:ListRolePolicies", "its own policies (init)", read),
  need("iam:GetRolePolicy", "what they say (init)", read),
  need("s3:ListAllMyBuckets", "buckets whose policies may name blue", read),
  need("s3:GetBucketPolicy", "whether they do", read),
  need("kms:ListKeys", "keys whose policies may name blue", read),
  need("kms:GetKeyPolicy", "whether they do", read),

  need("s3:ListBucket", "which runs have a copy, and of what", ["record"], "record-bucket"),
  need("s3:GetObject", "a run's record, taken up by another machine", ["record"], "record-objects"),
  need("s3:PutObject", "copies of the record, and the lock that machines share", ["record"], "record-objects"),

  need("s3:ListBucket", "which backups are there, and their files", ["archive"], "velero-buckets"),
  need("s3:GetObject", "a backup's archive, and what Velero says of it", ["archive"], "velero-objects"),
  need("s3:ListBucket", "a backup's files, and those of its restores", ["restore"], "velero-buckets"),
  need(
    "s3:GetObject",
    "which claims a backup has the data of, and what Velero says of its work",
    ["restore"],
    "velero-objects",
  ),
  need("ec2:DescribeVolumes", "volumes that Velero made of snapshots: there, where and how large", ["restore"], "any"),

  need(
    "cloudwatch:GetMetricData",
    "checks of kind cloudwatch under traffic.analysis, sources under traffic.leftover",
    ["measure"],
    "any",
    ({ metrics }) => metrics,
  ),
  need("ec2:DescribeInstanceTypes", "vCPUs of an EKS green's groups, for its quotas", read),
  need("servicequotas:GetServiceQuota", "limits that an EKS green must fit under", read),
  need("servicequotas:GetAWSDefaultServiceQuota", "the same, where the account has none of its own", read),
  need("iam:SimulatePrincipalPolicy", "whether these credentials may do what up and cutover do", read),
  need("eks:DescribeClusterVersions", "whether EKS has green's version, and for how long", read),
  need("eks:DescribeAddonVersions", "which versions of add-ons fit", read),
  need("eks:ListClusters", "how many clusters there are", read),
  need("eks:ListAddons", "an EKS green's managed add-ons", ["up"]),
  need("eks:DescribeAddon", "whether each of them is ACTIVE", ["up"]),
];
