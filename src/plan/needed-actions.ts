/** What of AWS a configuration moves: by these, other actions are needed. */
export interface Moves {
  records: boolean;
  addresses: boolean;
  loadBalancers: boolean;
}

const up = [
  "ec2:AuthorizeSecurityGroupIngress",
  "ec2:CreateLaunchTemplate",
  "ec2:CreateSecurityGroup",
  "ec2:CreateTags",
  "ec2:DescribeSubnets",
  "ec2:RunInstances",
  "eks:CreateAccessEntry",
  "eks:CreateAddon",
  "eks:CreateCluster",
  "eks:CreateNodegroup",
  "eks:CreatePodIdentityAssociation",
  "eks:DescribeCluster",
  "eks:TagResource",
  "iam:AttachRolePolicy",
  "iam:CreateRole",
  "iam:PassRole",
  "iam:PutRolePolicy",
  "kms:CreateGrant",
  "kms:DescribeKey",
  "logs:CreateLogGroup",
  "logs:PutRetentionPolicy",
];

const cutover: Record<keyof Moves, string[]> = {
  records: ["route53:ChangeResourceRecordSets", "route53:GetChange", "route53:ListResourceRecordSets"],
  addresses: ["ec2:AssociateAddress", "ec2:DescribeAddresses", "ec2:DisassociateAddress"],
  loadBalancers: ["elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyRule"],
};

/** The actions that `up` and a cutover can't do without, in order. */
export function neededActions(moves: Moves): string[] {
  const moved = (Object.keys(cutover) as (keyof Moves)[])
    .filter((kind) => moves[kind])
    .flatMap((kind) => cutover[kind]);
  return [...up, ...moved];
}
