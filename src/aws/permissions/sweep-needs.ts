import type { Place } from "./places.js";

/** What teardown needs to find and remove what blue's controllers left behind: only what carries blue's own mark. */
export const sweepNeeds: readonly (readonly [place: Place, action: string, why: string])[] = [
  ["any", "tag:GetResources", "what carries blue's tags, of every kind"],
  ["any", "elasticloadbalancing:DescribeLoadBalancers", "load balancers of blue's Services and Ingresses"],
  ["any", "elasticloadbalancing:DescribeTargetGroups", "their target groups"],
  ["any", "elasticloadbalancing:DescribeTags", "whose they are"],
  ["blue-balancers", "elasticloadbalancing:DeleteLoadBalancer", "orphaned ones that carry blue's mark"],
  ["blue-balancers", "elasticloadbalancing:DeleteTargetGroup", "likewise"],
  ["any", "ec2:DescribeNetworkInterfaces", "interfaces that nothing is attached to any more"],
  ["any", "ec2:DescribeSecurityGroups", "groups that controllers made"],
  ["any", "ec2:DescribeVolumes", "volumes of blue's claims"],
  ["any", "ec2:DescribeSnapshots", "snapshots of them, and whether a final one is done"],
  ["any", "ec2:DescribeAddresses", "addresses that nothing has any more"],
  ["any", "ec2:DescribeInstances", "what green uses, so that it is protected"],
  ["blue-leftovers", "ec2:DeleteNetworkInterface", "orphaned ones that carry blue's mark"],
  ["blue-leftovers", "ec2:RevokeSecurityGroupIngress", "rules that keep such a group from being deleted"],
  ["blue-leftovers", "ec2:RevokeSecurityGroupEgress", "likewise"],
  ["blue-leftovers", "ec2:DeleteSecurityGroup", "orphaned ones that carry blue's mark"],
  ["blue-leftovers", "ec2:DeleteVolume", "likewise"],
  ["blue-leftovers", "ec2:DeleteSnapshot", "likewise"],
  ["blue-leftovers", "ec2:ReleaseAddress", "likewise"],
  ["blue-snapshots", "ec2:CreateSnapshot", "a final snapshot of a volume before it is deleted"],
  ["snapshot-tags", "ec2:CreateTags", "how long that is to be kept, and of what it is"],
];
