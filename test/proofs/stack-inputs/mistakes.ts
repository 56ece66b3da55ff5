import type { World } from "../../stacks/mocks.js";
import { foundationOutputs, rawCluster, rawFoundation, rawGroup } from "../../stacks/settings-fixtures.js";

/** One wrong configuration of a stack, as people really write them. */
export interface Mistake {
  what: string;
  /** `clustershift:foundation` and `clustershift:cluster`, as in Pulumi.<stack>.yaml. */
  config: { foundation?: unknown; cluster?: unknown };
  /** The key that its one error must begin with, from `clustershift:` on. */
  key: string;
  /** What must stand in the error besides. */
  says: RegExp;
  /** What there is in AWS and in other stacks. Only mocks have such a world. */
  world?: World;
}

const { network } = rawFoundation();
const [admin] = rawCluster().access;
const tainted = { taints: [{ key: "dedicated", value: "syslog", effect: "NoSchedule" }] };

const foundation = (what: string, key: string, says: RegExp, change: object, world?: World): Mistake => ({
  what,
  config: { foundation: rawFoundation(change) },
  key: `clustershift:foundation.${key}`,
  says,
  ...(world && { world }),
});
const cluster = (what: string, key: string, says: RegExp, change: object, world?: World): Mistake => ({
  what,
  config: { cluster: rawCluster(change) },
  key: `clustershift:cluster.${key}`,
  says,
  ...(world && { world }),
});
const group = (what: string, key: string, says: RegExp, change: object): Mistake =>
  cluster(what, `groups[0].${key}`, says, { groups: [rawGroup(change), rawGroup({ name: "others" })] });
const among = (what: string, key: string, says: RegExp, groups: object[]): Mistake =>
  cluster(what, key, says, { groups });

const foundations: Mistake[] = [
  foundation("a range with bits of hosts", "network.cidr", /write 10\.20\.0\.0\/16/, {
    network: { ...network, cidr: "10.20.1.0/16" },
  }),
  foundation("a range of the internet", "network.cidr", /no private range/, {
    network: { ...network, cidr: "52.20.0.0/16" },
  }),
  foundation("a VPC too small for three zones", "network.cidr", /too small/, {
    network: { ...network, cidr: "10.20.0.0/24" },
  }),
  foundation("one zone, as kops's test cluster had", "network.zones", /at least 2 zones/, {
    network: { ...network, zones: ["eu-west-1a"] },
  }),
  foundation("zones left over from another region", "network.zones[2]", /not in region eu-west-1/, {
    network: { ...network, zones: ["eu-west-1a", "eu-west-1b", "us-east-1c"] },
  }),
  foundation("a key that is misspelt", "network.zone", /did you mean zones\?/, {
    network: { ...network, zone: "eu-west-1a" },
  }),
  foundation("a subnet that is private and public", "network.publicSubnetIds[0]", /privateSubnetIds too/, {
    network: {
      kind: "found",
      vpcId: "vpc-0a",
      privateSubnetIds: ["subnet-0a", "subnet-0b"],
      publicSubnetIds: ["subnet-0b"],
    },
  }),
  foundation(
    "a VPC whose subnets are in one zone",
    "network.privateSubnetIds",
    /at least 2 zones, and those of vpc-0a are in eu-west-1a/,
    { network: { kind: "found", vpcId: "vpc-0a", privateSubnetIds: ["subnet-0a", "subnet-0b"] } },
    {
      vpcs: [{ id: "vpc-0a" }],
      subnets: ["subnet-0a", "subnet-0b"].map((id) => ({ id, vpcId: "vpc-0a", zone: "eu-west-1a" })),
    },
  ),
  foundation("tags that any subnet has", "network.privateSubnetTags", /at least one tag/, {
    network: { kind: "tagged", vpcTags: { Name: "prod" }, privateSubnetTags: {} },
  }),
  foundation("a hosted zone given as an address", "hostedZones[0].name", /not a domain/, {
    hostedZones: [{ name: "https://example.com" }],
  }),
  foundation("two Elastic IPs of one name", "addresses", /syslog-a is there twice/, {
    addresses: ["syslog-a", "syslog-a"],
  }),
  foundation("a bucket's name with dots", "backup.bucketName", /dots/, {
    backup: { bucketName: "backups.example.com" },
  }),
  foundation("a tag by which teardown finds things", "tags.managed-by", /set by clustershift/, {
    tags: { "managed-by": "terraform" },
  }),
  foundation("an account that YAML read as a number", "account", /expected string/i, { account: 123456789012 }),
];

const clusters: Mistake[] = [
  cluster("a colour as a name", "name", /must not say blue or green/, { name: "prod-green" }),
  cluster("a name copied from the cluster before", "name", /says 1\.34, and version is 1\.35/, { name: "prod-1-34" }),
  cluster("a version that YAML read as a number", "version", /quote it/, { version: 1.3 }),
  cluster("a patch version", "version", /minor version/, { version: "1.35.2" }),
  cluster("a public endpoint for nobody in particular", "endpoint.publicCidrs", /needs the ranges/, {
    endpoint: { public: true },
  }),
  cluster("a public endpoint for everyone", "endpoint.publicCidrs[0]", /is everyone/, {
    endpoint: { public: true, publicCidrs: ["0.0.0.0/0"] },
  }),
  cluster("a public endpoint for the office's private range", "endpoint.publicCidrs[0]", /private range/, {
    endpoint: { public: true, publicCidrs: ["10.0.0.0/8"] },
  }),
  cluster("Services in the VPC's own range", "serviceCidr", /overlaps the VPC's 10\.20\.0\.0\/16/, {
    serviceCidr: "10.20.128.0/20",
  }),
  cluster("Services in kops's range", "serviceCidr", /EKS takes ranges in/, { serviceCidr: "100.64.0.0/13" }),
  cluster("nobody who could mend it", "access", /nobody is cluster-admin/, {
    access: [{ ...admin, policy: "view" }],
  }),
  cluster("a session's ARN in place of the role's", "access[0].principalArn", /not the ARN of an IAM role/, {
    access: [{ ...admin, principalArn: "arn:aws:sts::123456789012:assumed-role/platform/anna" }],
  }),
  cluster("one role twice", "access", /role\/platform is there twice/, {
    access: [admin, { ...admin, name: "again" }],
  }),
  cluster("an add-on of another minor version", "addOns.kube-proxy", /another minor version than the cluster's 1\.35/, {
    addOns: { "kube-proxy": "v1.34.1-eksbuild.2" },
  }),
  cluster("an add-on's name of Helm's", "addOns.ebs-csi-driver", /did you mean aws-ebs-csi-driver\?/, {
    addOns: { "ebs-csi-driver": "default" },
  }),
  cluster("the syslog group in private subnets", "syslog.group", /must have subnets: public/, {
    syslog: { group: "nodes", allowFrom: ["203.0.113.0/24"] },
  }),
  cluster("an Elastic IP that the foundation lacks", "addresses.logs", /no address syslog-z, only syslog-a/, {
    addresses: { logs: "syslog-z" },
  }),
  cluster("another region than the foundation's", "region", /subnets in eu-west-1a/, { region: "us-east-1" }),
  cluster("another account than the foundation's", "account", /foundation's is 123456789012/, {
    account: "210987654321",
  }),
  cluster("a foundation in one zone", "foundation", /EKS needs at least 2 zones/, {
    foundation: { ...foundationOutputs, privateSubnets: foundationOutputs.privateSubnets.slice(0, 1) },
  }),
  cluster(
    "a foundation that isn't up",
    "foundation",
    /has no outputs/,
    { foundation: "organization/clustershift/prod" },
    { stacks: {} },
  ),
];

const orders = { namespace: "shop", serviceAccount: "orders", policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] };
const identities: Mistake[] = [
  cluster(
    "a role for a service account that has one",
    "identities[1].serviceAccount",
    /shop\/orders has a role already/,
    {
      identities: [
        { ...orders, name: "orders" },
        { ...orders, name: "again" },
      ],
    },
  ),
  cluster("a role that may do nothing", "identities[0].policyArns", /what the role may do/, {
    identities: [{ ...orders, name: "orders", policyArns: [] }],
  }),
  cluster("a role of the stack's own", "identities[0].name", /has already/, {
    identities: [{ ...orders, name: "node" }],
  }),
  cluster("external-dns without a zone", "controllers.external-dns", /no hosted zone/, {
    controllers: { "external-dns": {} },
    foundation: { ...foundationOutputs, hostedZones: [] },
  }),
  cluster("Velero without a role", "velero", /needs controllers\.velero/, { velero: {} }),
  cluster("Velero of no version in particular", "velero.image", /which version/, {
    controllers: { velero: {} },
    velero: { image: "velero/velero:latest" },
  }),
  cluster("a namespace that is there", "namespaces.kube-system", /is there already/, {
    namespaces: { "kube-system": { enforce: "privileged" } },
  }),
  cluster("a level of Pod security's old kind", "namespaces.shop.enforce", /privileged, baseline, restricted/, {
    namespaces: { shop: { enforce: "default" } },
  }),
  cluster("another controller's name", "controllers.aws-load-balancer-controller", /did you mean load-balancer/, {
    controllers: { "aws-load-balancer-controller": {} },
  }),
];

const groups: Mistake[] = [
  group("min above max", "max", /less than min \(7\)/, { min: 7 }),
  group("desired above max", "desired", /not between min \(3\) and max \(6\)/, { desired: 9 }),
  group("an effect as EKS spells it", "taints[0].effect", /NoSchedule/, {
    taints: [{ key: "dedicated", effect: "NO_SCHEDULE" }],
  }),
  group("a taint as kubectl writes it", "taints[0].key", /not a key/, {
    taints: [{ key: "dedicated=syslog", effect: "NoSchedule" }],
  }),
  group("kops's own label", 'labels["kops.k8s.io/instancegroup"]', /kubelet may not set/, {
    labels: { "kops.k8s.io/instancegroup": "nodes" },
  }),
  group("a label's value with spaces", "labels.team", /no label's value/, { labels: { team: "the shop" } }),
  group("Graviton without its architecture", "instanceTypes[0]", /m7g\.large is arm64/, {
    instanceTypes: ["m7g.large"],
  }),
  group("instances too small for any pod", "instanceTypes[0]", /no pods/, { instanceTypes: ["t3.micro"] }),
  group("volumes without a group a zone", "perZone", /another zone can't attach/, { volumes: true, perZone: false }),
  group("a zone twice", "zones", /eu-west-1a is there twice/, { zones: ["eu-west-1a", "eu-west-1a"] }),
  group("a zone of another region", "zones[0]", /not in region/, { zones: ["us-east-1a"] }),
  group("a root volume that AL2023 doesn't fit on", "rootVolumeGiB", /at least 20/, { rootVolumeGiB: 8 }),
  group("one instance type, as kops has it", "machineType", /known here: .*instanceTypes/, {
    machineType: "m6i.large",
  }),
  among("one group twice", "groups", /nodes is there twice/, [rawGroup(), rawGroup()]),
  among("a group called as another's part", "groups[1].name", /group nodes is called in a zone/, [
    rawGroup({ volumes: true }),
    rawGroup({ name: "nodes-eu-west-1a" }),
  ]),
  among("taints on every group", "groups", /coredns would have nowhere/, [rawGroup(tainted)]),
  among("no node to start with", "groups", /coredns would have nowhere/, [rawGroup({ min: 0 })]),
  among("a zone that has no subnet", "groups (nodes).zones", /no private subnet in eu-west-1d/, [
    rawGroup({ zones: ["eu-west-1a", "eu-west-1d"] }),
  ]),
  among("fewer nodes than zones", "groups (nodes).max", /fewer than one node for each of 3 zones/, [
    rawGroup({ min: 1, max: 2, volumes: true }),
  ]),
];

/** Settings of both kinds in one stack; or of none, where the namespace is misspelt. */
const kinds: Mistake[] = [
  {
    what: "both kinds in one stack",
    config: { foundation: rawFoundation(), cluster: rawCluster() },
    key: "This stack has both clustershift:foundation and clustershift:cluster",
    says: /tear one down/,
  },
  { what: "neither kind", config: {}, key: "This stack has neither clustershift:foundation", says: /cluster/ },
];

export const mistakes: readonly Mistake[] = [...kinds, ...foundations, ...clusters, ...identities, ...groups];

/** A right one of each kind, beside the wrong ones: they show that what is made is counted. */
export const right: readonly Mistake["config"][] = [{ foundation: rawFoundation() }, { cluster: rawCluster() }];
