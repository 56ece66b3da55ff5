import type { Place } from "./places.js";

type Row = readonly [place: Place, ...actions: string[]];

/** What one type of resource of the stacks takes: to be made and changed, to be looked at, and to be taken away. */
export interface ResourceNeeds {
  make: readonly Row[];
  read: readonly Row[];
  remove: readonly Row[];
}

/** Looks that programs take without making anything, by the function's token. */
export const functionNeeds: Record<string, readonly Row[]> = {
  "aws:ec2/getVpc:getVpc": [["any", "ec2:DescribeVpcs", "ec2:DescribeVpcAttribute", "ec2:DescribeRouteTables"]],
  "aws:ec2/getVpcs:getVpcs": [["any", "ec2:DescribeVpcs"]],
  "aws:ec2/getSubnet:getSubnet": [["any", "ec2:DescribeSubnets"]],
  "aws:ec2/getSubnets:getSubnets": [["any", "ec2:DescribeSubnets"]],
  "aws:ec2/getNatGateway:getNatGateway": [["any", "ec2:DescribeNatGateways"]],
  "aws:ec2/getNatGateways:getNatGateways": [["any", "ec2:DescribeNatGateways"]],
  "aws:route53/getZone:getZone": [
    ["any", "route53:ListHostedZones"],
    ["hosted-zones", "route53:GetHostedZone", "route53:ListTagsForResource", "route53:ListResourceRecordSets"],
  ],
  // Needs no permission.
  "aws:index/getCallerIdentity:getCallerIdentity": [],
};

/** Of a cluster stack, by the type's own name. A new type in stacks/cluster/ gets its row here. */
export const clusterNeeds: Record<string, ResourceNeeds> = {
  "aws:cloudwatch/logGroup:LogGroup": logGroup("green-logs", ["foundation-key", "kms:DescribeKey"]),
  "aws:eks/cluster:Cluster": {
    make: [
      ["green-cluster", "eks:CreateCluster", "eks:TagResource", "eks:UntagResource"],
      ["green-cluster", "eks:UpdateClusterConfig", "eks:UpdateClusterVersion"],
      ["green-passed-roles", "iam:PassRole"],
      ["service-linked-roles", "iam:CreateServiceLinkedRole"],
      ["foundation-key", "kms:DescribeKey"],
      ["key-for-eks", "kms:CreateGrant"],
    ],
    read: [
      ["green-cluster", "eks:DescribeCluster", "eks:DescribeUpdate"],
      ["any", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups", "ec2:DescribeVpcs"],
    ],
    remove: [["green-cluster", "eks:DeleteCluster"]],
  },
  "aws:eks/accessEntry:AccessEntry": {
    make: [["green-cluster", "eks:CreateAccessEntry", "eks:UpdateAccessEntry", "eks:TagResource"]],
    read: [["green-cluster", "eks:DescribeAccessEntry"]],
    remove: [["green-cluster", "eks:DeleteAccessEntry"]],
  },
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
    make: [["green-cluster", "eks:AssociateAccessPolicy"]],
    read: [["green-cluster", "eks:ListAssociatedAccessPolicies"]],
    remove: [["green-cluster", "eks:DisassociateAccessPolicy"]],
  },
  "aws:eks/addon:Addon": {
    make: [
      ["green-cluster", "eks:CreateAddon", "eks:UpdateAddon", "eks:TagResource"],
      // EKS makes the association that an add-on names with its caller's permissions.
      ["green-cluster", "eks:CreatePodIdentityAssociation", "eks:UpdatePodIdentityAssociation"],
      ["green-passed-roles", "iam:PassRole"],
      ["green-roles", "iam:GetRole"],
    ],
    read: [["green-cluster", "eks:DescribeAddon", "eks:DescribePodIdentityAssociation"]],
    remove: [["green-cluster", "eks:DeleteAddon", "eks:DeletePodIdentityAssociation"]],
  },
  "aws:eks/nodeGroup:NodeGroup": {
    make: [
      ["green-cluster", "eks:CreateNodegroup", "eks:TagResource"],
      ["green-cluster", "eks:UpdateNodegroupConfig", "eks:UpdateNodegroupVersion"],
      ["green-passed-roles", "iam:PassRole"],
      ["green-roles", "iam:GetRole", "iam:ListAttachedRolePolicies"],
      ["service-linked-roles", "iam:CreateServiceLinkedRole"],
      ["nodes-of-green", "ec2:RunInstances"],
      ["tags-of-new", "ec2:CreateTags"],
    ],
    read: [
      ["green-cluster", "eks:DescribeNodegroup", "eks:DescribeUpdate"],
      ["any", "ec2:DescribeLaunchTemplates", "ec2:DescribeLaunchTemplateVersions"],
    ],
    remove: [["green-cluster", "eks:DeleteNodegroup"]],
  },
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
    make: [
      ["green-cluster", "eks:CreatePodIdentityAssociation", "eks:UpdatePodIdentityAssociation", "eks:TagResource"],
      ["green-passed-roles", "iam:PassRole"],
      ["green-roles", "iam:GetRole"],
    ],
    // The list is for what a killed engine was making: its id isn't known.
    read: [["green-cluster", "eks:DescribePodIdentityAssociation", "eks:ListPodIdentityAssociations"]],
    remove: [["green-cluster", "eks:DeletePodIdentityAssociation"]],
  },
  "aws:iam/role:Role": role("green-roles"),
  "aws:iam/rolePolicy:RolePolicy": rolePolicy("green-roles"),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    make: [["green-role-policies", "iam:AttachRolePolicy"]],
    read: [["green-roles", "iam:ListAttachedRolePolicies"]],
    remove: [["green-role-policies", "iam:DetachRolePolicy"]],
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    make: [["issuers", "iam:CreateOpenIDConnectProvider", "iam:TagOpenIDConnectProvider"]],
    read: [
      ["issuers", "iam:GetOpenIDConnectProvider"],
      ["any", "iam:ListOpenIDConnectProviders"],
    ],
    remove: [["issuers", "iam:DeleteOpenIDConnectProvider"]],
  },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    make: [
      ["new-of-green", "ec2:CreateLaunchTemplate"],
      ["ec2-of-green", "ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"],
      ["tags-of-new", "ec2:CreateTags"],
    ],
    read: [["any", "ec2:DescribeLaunchTemplates", "ec2:DescribeLaunchTemplateVersions"]],
    remove: [["ec2-of-green", "ec2:DeleteLaunchTemplate"]],
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    make: [
      ["new-of-green", "ec2:CreateSecurityGroup"],
      ["network-of-new", "ec2:CreateSecurityGroup"],
      // AWS lets a new group out to everywhere, and the stack doesn't.
      ["rules-of-green", "ec2:RevokeSecurityGroupEgress"],
      ["tags-of-new", "ec2:CreateTags"],
    ],
    read: [["any", "ec2:DescribeSecurityGroups", "ec2:DescribeNetworkInterfaces"]],
    remove: [
      ["ec2-of-green", "ec2:DeleteSecurityGroup"],
      ["rules-of-green", "ec2:RevokeSecurityGroupIngress"],
    ],
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule("Ingress"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule("Egress"),
};

/** Of a foundation stack. */
export const foundationNeeds: Record<string, ResourceNeeds> = {
  "aws:ec2/vpc:Vpc": network("Vpc", ["ec2:ModifyVpcAttribute"], ["ec2:DescribeVpcs", "ec2:DescribeVpcAttribute"]),
  "aws:ec2/subnet:Subnet": network("Subnet", ["ec2:ModifySubnetAttribute"], ["ec2:DescribeSubnets"]),
  "aws:ec2/internetGateway:InternetGateway": network(
    "InternetGateway",
    ["ec2:AttachInternetGateway"],
    ["ec2:DescribeInternetGateways"],
    ["ec2:DetachInternetGateway"],
  ),
  "aws:ec2/natGateway:NatGateway": network("NatGateway", [], ["ec2:DescribeNatGateways"]),
  "aws:ec2/routeTable:RouteTable": network("RouteTable", [], ["ec2:DescribeRouteTables"]),
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    make: [
      ["new-of-foundation", "ec2:CreateVpcEndpoint"],
      ["ec2-of-foundation", "ec2:CreateVpcEndpoint", "ec2:ModifyVpcEndpoint"],
      ["tags-of-foundation", "ec2:CreateTags"],
    ],
    read: [["any", "ec2:DescribeVpcEndpoints", "ec2:DescribePrefixLists"]],
    remove: [["ec2-of-foundation", "ec2:DeleteVpcEndpoints"]],
  },
  "aws:ec2/eip:Eip": {
    make: [
      ["new-of-foundation", "ec2:AllocateAddress"],
      ["tags-of-foundation", "ec2:CreateTags"],
    ],
    read: [["any", "ec2:DescribeAddresses", "ec2:DescribeAddressesAttribute"]],
    remove: [["ec2-of-foundation", "ec2:ReleaseAddress"]],
  },
  "aws:ec2/route:Route": {
    make: [["ec2-of-foundation", "ec2:CreateRoute", "ec2:ReplaceRoute"]],
    read: [["any", "ec2:DescribeRouteTables"]],
    remove: [["ec2-of-foundation", "ec2:DeleteRoute"]],
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    make: [["ec2-of-foundation", "ec2:AssociateRouteTable", "ec2:ReplaceRouteTableAssociation"]],
    read: [["any", "ec2:DescribeRouteTables"]],
    remove: [["ec2-of-foundation", "ec2:DisassociateRouteTable"]],
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    make: [["default-group", "ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress", "ec2:CreateTags"]],
    read: [["any", "ec2:DescribeSecurityGroups"]],
    // AWS takes it away with the network.
    remove: [],
  },
  "aws:ec2/flowLog:FlowLog": {
    make: [
      ["new-of-foundation", "ec2:CreateFlowLogs"],
      ["ec2-of-foundation", "ec2:CreateFlowLogs"],
      ["tags-of-foundation", "ec2:CreateTags"],
      ["foundation-passed-roles", "iam:PassRole"],
      ["any", "logs:CreateLogDelivery"],
    ],
    read: [["any", "ec2:DescribeFlowLogs"]],
    remove: [
      ["ec2-of-foundation", "ec2:DeleteFlowLogs"],
      ["any", "logs:DeleteLogDelivery"],
    ],
  },
  "aws:cloudwatch/logGroup:LogGroup": logGroup("foundation-logs"),
  "aws:iam/role:Role": role("foundation-roles"),
  "aws:iam/rolePolicy:RolePolicy": rolePolicy("foundation-roles"),
  "aws:kms/key:Key": {
    make: [
      ["new-key", "kms:CreateKey"],
      ["key-and-alias", "kms:EnableKeyRotation", "kms:PutKeyPolicy", "kms:TagResource"],
    ],
    read: [
      ["key-and-alias", "kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"],
    ],
    remove: [["key-and-alias", "kms:ScheduleKeyDeletion"]],
  },
  "aws:kms/alias:Alias": {
    make: [["key-and-alias", "kms:CreateAlias", "kms:UpdateAlias"]],
    read: [["any", "kms:ListAliases"]],
    remove: [["key-and-alias", "kms:DeleteAlias"]],
  },
  "aws:s3/bucket:Bucket": {
    make: [["foundation-bucket", "s3:CreateBucket", "s3:PutBucketTagging"]],
    // The provider reads all of a bucket's settings, whether the program has them or not.
    read: [
      ["foundation-bucket", "s3:ListBucket", "s3:GetBucketLocation", "s3:GetBucketTagging", "s3:GetBucketAcl"],
      ["foundation-bucket", "s3:GetBucketCORS", "s3:GetBucketLogging", "s3:GetBucketObjectLockConfiguration"],
      ["foundation-bucket", "s3:GetBucketRequestPayment", "s3:GetBucketWebsite", "s3:GetAccelerateConfiguration"],
      ["foundation-bucket", "s3:GetReplicationConfiguration"],
    ],
    remove: [["foundation-bucket", "s3:DeleteBucket"]],
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucketPart("BucketPublicAccessBlock"),
  "aws:s3/bucketVersioning:BucketVersioning": bucketPart("BucketVersioning"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    bucketPart("EncryptionConfiguration"),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucketPart("LifecycleConfiguration"),
  "aws:s3/bucketPolicy:BucketPolicy": {
    ...bucketPart("BucketPolicy"),
    remove: [["foundation-bucket", "s3:DeleteBucketPolicy"]],
  },
};

function logGroup(place: Place, ...also: Row[]): ResourceNeeds {
  return {
    make: [
      [place, "logs:CreateLogGroup", "logs:PutRetentionPolicy", "logs:AssociateKmsKey", "logs:TagResource"],
      ...also,
    ],
    read: [
      ["any", "logs:DescribeLogGroups"],
      [place, "logs:ListTagsForResource"],
    ],
    remove: [[place, "logs:DeleteLogGroup"]],
  };
}

function role(place: Place): ResourceNeeds {
  return {
    make: [[place, "iam:CreateRole", "iam:UpdateAssumeRolePolicy", "iam:TagRole", "iam:UntagRole"]],
    read: [[place, "iam:GetRole", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies"]],
    remove: [[place, "iam:DeleteRole", "iam:ListInstanceProfilesForRole"]],
  };
}

function rolePolicy(place: Place): ResourceNeeds {
  return {
    make: [[place, "iam:PutRolePolicy"]],
    read: [[place, "iam:GetRolePolicy"]],
    remove: [[place, "iam:DeleteRolePolicy"]],
  };
}

function rule(direction: "Ingress" | "Egress"): ResourceNeeds {
  return {
    make: [
      ["rules-of-green", `ec2:AuthorizeSecurityGroup${direction}`, "ec2:ModifySecurityGroupRules"],
      ["tags-of-new", "ec2:CreateTags"],
    ],
    read: [["any", "ec2:DescribeSecurityGroupRules"]],
    remove: [["rules-of-green", `ec2:RevokeSecurityGroup${direction}`]],
  };
}

function network(
  kind: string,
  changes: readonly string[],
  reads: readonly string[],
  removes: readonly string[] = [],
): ResourceNeeds {
  return {
    make: [
      ["new-of-foundation", `ec2:Create${kind}`],
      // What is made in it is asked for too: it carries the foundation's tag by then.
      ["ec2-of-foundation", `ec2:Create${kind}`, ...changes],
      ["tags-of-foundation", "ec2:CreateTags"],
    ],
    read: [["any", ...reads]],
    remove: [["ec2-of-foundation", `ec2:Delete${kind}`, ...removes]],
  };
}

function bucketPart(part: string): ResourceNeeds {
  return {
    make: [["foundation-bucket", `s3:Put${part}`]],
    read: [["foundation-bucket", `s3:Get${part}`]],
    // Taken away by writing it empty.
    remove: [],
  };
}
