import { arnOf, type Scope } from "./scope.js";

/** Where an action may be used: resources, and what must hold besides. Several: any of them will do. */
export interface Grant {
  resources: string[];
  conditions?: Record<string, Record<string, string | string[]>>;
}

const tagOf = (of: "Request" | "Resource", key: string, value: string | undefined) => ({
  StringLike: { [`aws:${of}Tag/${key}`]: value ?? "*" },
});
const greenTag = (of: "Request" | "Resource", { green }: Scope) => tagOf(of, "clustershift:cluster", green);
const foundationTag = (of: "Request" | "Resource", { foundation }: Scope) =>
  tagOf(of, "clustershift:foundation", foundation);
const ec2 = (scope: Scope, ...kinds: string[]) => kinds.map((kind) => arnOf(scope, "ec2", `${kind}/*`));
const elb = (scope: Scope, ...kinds: string[]) =>
  kinds.map((kind) => arnOf(scope, "elasticloadbalancing", `${kind}/*`));
const eksOf = (scope: Scope, cluster: string | undefined) =>
  ["cluster", "nodegroup", "addon", "access-entry", "podidentityassociation"].map((kind) =>
    arnOf(scope, "eks", kind === "cluster" ? `cluster/${cluster ?? "*"}` : `${kind}/${cluster ?? "*"}/*`),
  );
const logsOf = (scope: Scope, name: string) => [
  arnOf(scope, "logs", `log-group:${name}`),
  arnOf(scope, "logs", `log-group:${name}:*`),
];
const rolesOf = (scope: Scope, prefix: string | undefined) => arnOf(scope, "iam", `role/${prefix ?? "*"}-*`, "global");
const partition = (scope: Scope) => arnOf(scope, "", "").split(":")[1];

/** AWS's own policies that roles of a cluster get. */
const clusterPolicies = [
  "AmazonEKSClusterPolicy",
  "AmazonEKSWorkerNodeMinimalPolicy",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonEKS_CNI_Policy",
  "service-role/AmazonEBSCSIDriverPolicy",
];

const table = {
  any: () => [{ resources: ["*"] }],

  "hosted-zones": (scope) => [{ resources: [`arn:${partition(scope)}:route53:::hostedzone/*`] }],
  changes: (scope) => [{ resources: [`arn:${partition(scope)}:route53:::change/*`] }],
  records: (scope) => recordsPlace(scope, scope.records?.names ?? []),
  "records-of-zones": (scope) => recordsPlace(scope, scope.records?.wide ?? []),

  listeners: ({ balancers }) => (balancers ? [{ resources: balancers.listeners }] : []),
  "listener-rules": ({ balancers }) => (balancers ? [{ resources: balancers.rules }] : []),
  "marked-listeners": ({ balancers, markTag }) =>
    balancers && markTag
      ? [{ resources: [...balancers.listeners, ...balancers.rules], conditions: onlyTag(markTag) }]
      : [],
  "elastic-ips": (scope) => [{ resources: ec2(scope, "elastic-ip", "network-interface") }],
  // Of the two clusters' instances alone: an address can't go to a stranger.
  "clusters-instances": (scope) =>
    [...new Set([scope.blue, scope.green])].map((name) => ({
      resources: ec2(scope, "instance"),
      conditions: { StringLike: { [`aws:ResourceTag/kubernetes.io/cluster/${name ?? "NAME"}`]: "*" } },
    })),
  "marked-addresses": (scope) =>
    scope.markTag ? [{ resources: ec2(scope, "elastic-ip"), conditions: onlyTag(scope.markTag) }] : [],

  "record-bucket": ({ bucket, ...scope }) =>
    bucket
      ? [
          {
            resources: [`arn:${partition(scope)}:s3:::${bucket.name}`],
            // Where a missing object is asked for there is no prefix: without IfExists S3 would deny it, not say that it is missing.
            conditions: { StringLikeIfExists: { "s3:prefix": [`${bucket.prefix}/*`] } },
          },
        ]
      : [],
  "record-objects": ({ bucket, ...scope }) =>
    bucket ? [{ resources: [`arn:${partition(scope)}:s3:::${bucket.name}/${bucket.prefix}/*`] }] : [],

  // Which bucket is said on the command line; where Velero puts backups is the same in all.
  "velero-buckets": (scope) => [
    {
      resources: [`arn:${partition(scope)}:s3:::*`],
      conditions: { StringLikeIfExists: { "s3:prefix": ["backups/*", "*/backups/*"] } },
    },
  ],
  "velero-objects": (scope) => [{ resources: [`arn:${partition(scope)}:s3:::*/backups/*`] }],

  "green-cluster": (scope) => [{ resources: eksOf(scope, scope.green) }],
  "green-logs": (scope) => [{ resources: logsOf(scope, `/aws/eks/${scope.green ?? "*"}/cluster`) }],
  "green-roles": (scope) => [{ resources: [rolesOf(scope, scope.green)] }],
  "green-role-policies": (scope) => [
    {
      resources: [rolesOf(scope, scope.green)],
      conditions: {
        ArnLike: {
          "iam:PolicyARN": [
            ...clusterPolicies.map((policy) => `arn:${partition(scope)}:iam::aws:policy/${policy}`),
            ...scope.policyArns,
          ],
        },
      },
    },
  ],
  "green-passed-roles": (scope) => [
    {
      resources: [rolesOf(scope, scope.green)],
      conditions: {
        StringEquals: { "iam:PassedToService": ["eks.amazonaws.com", "ec2.amazonaws.com", "pods.eks.amazonaws.com"] },
      },
    },
  ],
  "service-linked-roles": (scope) => [
    {
      resources: [arnOf(scope, "iam", "role/aws-service-role/*", "global")],
      conditions: {
        StringEquals: {
          "iam:AWSServiceName": ["eks.amazonaws.com", "eks-nodegroup.amazonaws.com", "spot.amazonaws.com"],
        },
      },
    },
  ],
  issuers: (scope) => [{ resources: [arnOf(scope, "iam", "oidc-provider/oidc.eks.*", "global")] }],
  "foundation-key": (scope) => [
    { resources: [arnOf(scope, "kms", "key/*")], conditions: foundationTag("Resource", scope) },
  ],
  "key-for-eks": (scope) => [
    {
      resources: [arnOf(scope, "kms", "key/*")],
      conditions: { ...foundationTag("Resource", scope), Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ],
  "new-of-green": (scope) => [
    { resources: ec2(scope, "launch-template", "security-group"), conditions: greenTag("Request", scope) },
  ],
  "network-of-new": (scope) => [{ resources: ec2(scope, "vpc") }],
  "ec2-of-green": (scope) => [
    { resources: ec2(scope, "launch-template", "security-group"), conditions: greenTag("Resource", scope) },
  ],
  "rules-of-green": (scope) => [
    { resources: ec2(scope, "security-group"), conditions: greenTag("Resource", scope) },
    { resources: ec2(scope, "security-group-rule") },
    ...(scope.admittedBy.length > 0
      ? [{ resources: scope.admittedBy.map((id) => arnOf(scope, "ec2", `security-group/${id}`)) }]
      : []),
  ],
  "tags-of-new": (scope) => [
    {
      resources: ec2(scope, "*"),
      conditions: {
        StringEquals: {
          "ec2:CreateAction": [
            "CreateLaunchTemplate",
            "CreateSecurityGroup",
            "AuthorizeSecurityGroupIngress",
            "AuthorizeSecurityGroupEgress",
            "RunInstances",
          ],
        },
      },
    },
    { resources: ec2(scope, "*"), conditions: greenTag("Resource", scope) },
  ],
  // EKS tries by the caller's own permissions whether its launch template can start instances.
  "nodes-of-green": (scope) => [
    {
      resources: [
        ...ec2(scope, "instance", "volume", "network-interface", "security-group", "subnet", "launch-template"),
        `arn:${partition(scope)}:ec2:${scope.region ?? "*"}::image/*`,
      ],
    },
  ],

  "new-of-foundation": (scope) => [{ resources: ec2(scope, "*"), conditions: foundationTag("Request", scope) }],
  "ec2-of-foundation": (scope) => [{ resources: ec2(scope, "*"), conditions: foundationTag("Resource", scope) }],
  // Rules of the network's own default group carry no tag of ours before they are taken away.
  "default-group": (scope) => [{ resources: ec2(scope, "security-group") }],
  "tags-of-foundation": (scope) => [
    {
      resources: ec2(scope, "*"),
      conditions: {
        StringEquals: {
          "ec2:CreateAction": [
            "AllocateAddress",
            "CreateFlowLogs",
            "CreateInternetGateway",
            "CreateNatGateway",
            "CreateRouteTable",
            "CreateSubnet",
            "CreateVpc",
            "CreateVpcEndpoint",
          ],
        },
      },
    },
    { resources: ec2(scope, "*"), conditions: foundationTag("Resource", scope) },
  ],
  "foundation-logs": (scope) => [{ resources: logsOf(scope, `/clustershift/${scope.foundation ?? "*"}*`) }],
  "foundation-roles": (scope) => [{ resources: [rolesOf(scope, scope.foundation)] }],
  "foundation-passed-roles": (scope) => [
    {
      resources: [rolesOf(scope, scope.foundation)],
      conditions: { StringEquals: { "iam:PassedToService": "vpc-flow-logs.amazonaws.com" } },
    },
  ],
  "foundation-bucket": (scope) => [{ resources: [`arn:${partition(scope)}:s3:::${scope.foundation ?? "*"}-backups*`] }],
  "new-key": (scope) => [{ resources: ["*"], conditions: foundationTag("Request", scope) }],
  "key-and-alias": (scope) => [
    { resources: [arnOf(scope, "kms", "key/*")], conditions: foundationTag("Resource", scope) },
    { resources: [arnOf(scope, "kms", `alias/clustershift-${scope.foundation ?? "*"}`)] },
  ],

  "blue-balancers": (scope) => ownedBy(scope, elb(scope, "loadbalancer", "targetgroup"), "elbv2.k8s.aws/cluster"),
  "blue-leftovers": (scope) =>
    ownedBy(
      scope,
      ec2(scope, "network-interface", "security-group", "launch-template", "volume", "snapshot", "elastic-ip"),
      "cluster.k8s.amazonaws.com/name",
    ),
  "orphaned-records": (scope) => [
    {
      resources: [`arn:${partition(scope)}:route53:::hostedzone/*`],
      conditions: { "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsActions": ["DELETE"] } },
    },
  ],
  "blue-snapshots": (scope) => [
    ...ownedBy(scope, ec2(scope, "volume"), "KubernetesCluster"),
    { resources: [`arn:${partition(scope)}:ec2:${scope.region ?? "*"}::snapshot/*`] },
  ],
  // Volumes of claims carry marks of many kinds, or none: they are told by the account and region.
  "volume-snapshots": (scope) => [
    {
      resources: [...ec2(scope, "volume"), `arn:${partition(scope)}:ec2:${scope.region ?? "*"}::snapshot/*`],
    },
  ],
  "volume-copies": (scope) => [
    {
      resources: [...ec2(scope, "volume"), `arn:${partition(scope)}:ec2:${scope.region ?? "*"}::snapshot/*`],
    },
  ],
  "volume-tags": (scope) => [
    {
      resources: [...ec2(scope, "volume"), `arn:${partition(scope)}:ec2:${scope.region ?? "*"}::snapshot/*`],
      conditions: { StringEquals: { "ec2:CreateAction": ["CreateSnapshot", "CreateVolume"] } },
    },
  ],
  "handed-over-volumes": (scope) =>
    ownedBy(scope, ec2(scope, "volume"), "KubernetesCluster").map((grant) => ({
      ...grant,
      conditions: { ...grant.conditions, "ForAllValues:StringEquals": { "aws:TagKeys": clusterTagsOf(scope) } },
    })),
  "snapshot-tags": (scope) => [
    {
      resources: [`arn:${partition(scope)}:ec2:${scope.region ?? "*"}::snapshot/*`],
      conditions: { StringEquals: { "ec2:CreateAction": "CreateSnapshot" } },
    },
  ],
} satisfies Record<string, (scope: Scope) => Grant[]>;

export type Place = keyof typeof table;

/** Every place that needs name. What IAM can't cut to resources is at `any`. */
export const places: Record<Place, (scope: Scope) => Grant[]> = table;

/** Keys by which a volume is of one of the two clusters. */
function clusterTagsOf({ blue, green }: Scope): string[] {
  return [...[blue, green].map((name) => `kubernetes.io/cluster/${name ?? "NAME"}`), "KubernetesCluster"];
}

function onlyTag(key: string) {
  return { "ForAllValues:StringLike": { "aws:TagKeys": [key] } };
}

function recordsPlace({ records, ...scope }: Scope, names: readonly string[]): Grant[] {
  if (!records) return [];
  const zones = records.zoneIds ?? ["*"];
  return [
    {
      resources: zones.map((id) => `arn:${partition(scope as Scope)}:route53:::hostedzone/${id}`),
      conditions: {
        "ForAllValues:StringLike": { "route53:ChangeResourceRecordSetsNormalizedRecordNames": [...names] },
        "ForAllValues:StringEquals": {
          "route53:ChangeResourceRecordSetsRecordTypes": records.types,
          "route53:ChangeResourceRecordSetsActions": ["CREATE", "UPSERT", "DELETE"],
        },
      },
    },
  ];
}

/** What carries the mark of one cluster: Kubernetes' own tag, or that of the controller that made it. */
function ownedBy({ blue }: Scope, resources: string[], otherTag: string): Grant[] {
  return [
    {
      resources,
      conditions: { StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${blue ?? "NAME"}`]: "owned" } },
    },
    { resources, conditions: { StringEquals: { [`aws:ResourceTag/${otherTag}`]: blue ?? "NAME" } } },
  ];
}
