import { allow, type PolicyScope, type Statement } from "./statement.js";

/** The controller puts its cluster's name on all that it makes. */
const clusterTag = "elbv2.k8s.aws/cluster";

/**
 * What the AWS Load Balancer Controller does: reads widely, and changes what carries its cluster's tag. So blue's load
 * balancers and those of others are out of reach.
 * https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/
 */
export function loadBalancerControllerPolicy({ partition, clusterName }: PolicyScope): Statement[] {
  const asked = { StringEquals: { [`aws:RequestTag/${clusterTag}`]: clusterName } };
  const own = { StringEquals: { [`aws:ResourceTag/${clusterTag}`]: clusterName } };
  const group = `arn:${partition}:ec2:*:*:security-group/*`;
  const elb = (...kinds: string[]) => kinds.map((kind) => `arn:${partition}:elasticloadbalancing:*:*:${kind}/*`);
  return [
    allow(reads, "*"),
    allow(["iam:CreateServiceLinkedRole"], "*", {
      StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" },
    }),
    allow(["ec2:CreateSecurityGroup"], "*"),
    allow(["ec2:CreateTags"], group, {
      StringEquals: { "ec2:CreateAction": "CreateSecurityGroup", ...asked.StringEquals },
    }),
    allow(["ec2:CreateTags", "ec2:DeleteTags", "ec2:DeleteSecurityGroup"], group, own),
    // Nodes' groups carry no tag of the controller's, and need a rule for each load balancer.
    allow(["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"], "*"),
    allow(["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"], "*", asked),
    allow(["elasticloadbalancing:AddTags"], elb("loadbalancer", "targetgroup"), {
      StringEquals: {
        "elasticloadbalancing:CreateAction": ["CreateTargetGroup", "CreateLoadBalancer"],
        ...asked.StringEquals,
      },
    }),
    allow(changes, elb("loadbalancer", "targetgroup"), own),
    // Listeners and rules have no tag when they are made.
    allow(listeners, "*"),
    allow(protections, "*"),
  ];
}

const actions = (service: string, ...names: string[]) => names.map((name) => `${service}:${name}`);

const reads = [
  ...actions(
    "ec2",
    "DescribeAccountAttributes",
    "DescribeAddresses",
    "DescribeAvailabilityZones",
    "DescribeCoipPools",
    "DescribeInstances",
    "DescribeInternetGateways",
    "DescribeIpamPools",
    "DescribeNetworkInterfaces",
    "DescribeRouteTables",
    "DescribeSecurityGroups",
    "DescribeSubnets",
    "DescribeTags",
    "DescribeVpcPeeringConnections",
    "DescribeVpcs",
    "GetCoipPoolUsage",
    "GetSecurityGroupsForVpc",
  ),
  "elasticloadbalancing:Describe*",
  ...actions("acm", "DescribeCertificate", "ListCertificates"),
  ...actions("iam", "GetServerCertificate", "ListServerCertificates"),
  "cognito-idp:DescribeUserPoolClient",
];

const changes = actions(
  "elasticloadbalancing",
  "AddTags",
  "DeleteLoadBalancer",
  "DeleteTargetGroup",
  "DeregisterTargets",
  "ModifyCapacityReservation",
  "ModifyIpPools",
  "ModifyLoadBalancerAttributes",
  "ModifyTargetGroup",
  "ModifyTargetGroupAttributes",
  "RegisterTargets",
  "RemoveTags",
  "SetIpAddressType",
  "SetSecurityGroups",
  "SetSubnets",
);

const listeners = actions(
  "elasticloadbalancing",
  "AddListenerCertificates",
  "CreateListener",
  "CreateRule",
  "DeleteListener",
  "DeleteRule",
  "ModifyListener",
  "ModifyListenerAttributes",
  "ModifyRule",
  "RemoveListenerCertificates",
  "SetRulePriorities",
  "SetWebAcl",
);

/** It asks for these of each load balancer, whether or not anybody uses them. */
const protections = [
  ...actions("waf-regional", "AssociateWebACL", "DisassociateWebACL", "GetWebACL", "GetWebACLForResource"),
  ...actions("wafv2", "AssociateWebACL", "DisassociateWebACL", "GetWebACL", "GetWebACLForResource"),
  ...actions("shield", "CreateProtection", "DeleteProtection", "DescribeProtection", "GetSubscriptionState"),
];
