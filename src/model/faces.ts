/**
 * What of AWS lets a cluster in, and what knows its face, as it was read: rules, roles, policies, ways and addresses. Ids and
 * ARNs as AWS writes them; ranges as `10.20.0.0/16`.
 */
export interface Faces {
  account: string;
  region: string;
  blue: BlueFace;
  green: GreenFace;
  /** Everything but blue's own whose rules may name a group or a range. */
  doors: Door[];
  /** Roles that trust blue: its issuer, or its nodes. */
  roles: TrustingRole[];
  /** Of buckets, keys and VPC endpoints, those that name what blue is. */
  policies: NamingPolicy[];
  endpoints: Endpoint[];
  peerings: Peering[];
  /** What couldn't be looked at: nothing is known of it, so it isn't in order. */
  unread: { what: string; why: string }[];
}

export interface BlueFace {
  name: string;
  vpcId?: string;
  groups: BlueGroup[];
  /** Those that its nodes stand in. */
  subnets: FaceSubnet[];
  nodes: FaceNode[];
  /** Who signs the tokens of its service accounts, without `https://`. */
  issuers: string[];
  /** Of nodes and control plane. */
  roleArns: string[];
  /** Service accounts that have a role by EKS Pod Identity. */
  podIdentities: { namespace: string; serviceAccount: string; roleArn: string }[];
  egress: Egress;
}

export interface BlueGroup {
  id: string;
  name: string;
  /** False: its nodes carry it, and nothing says that it goes down with blue. */
  own: boolean;
}

export interface FaceNode {
  id: string;
  privateIps: string[];
  /** Among them Elastic IPs. */
  publicIps: string[];
}

export interface FaceSubnet {
  id: string;
  vpcId: string;
  range: string;
  routes: FaceRoute[];
  aclId?: string;
  routeTableId?: string;
}

export interface FaceRoute {
  /** A range, or a prefix list. */
  to: string;
  /** Id of what it leads to: `pcx-…`, `tgw-…`, `vgw-…`, `nat-…`, `igw-…`, `eni-…` of an instance. */
  by: string;
}

/** How a cluster leaves. */
export interface Egress {
  /** Public addresses, each once, in order. */
  addresses: string[];
  /** Ways whose addresses can't be seen from here: a transit gateway, another network. */
  unseen: string[];
}

/** Green, as far as its stacks' settings and AWS say by now. */
export interface GreenFace {
  name: string;
  /** Unknown: the foundation's settings aren't at hand. */
  network: "found" | "new" | "unknown";
  vpcId?: string;
  /** That its nodes will have addresses of; of a new network its whole range. */
  ranges: string[];
  /** None of a new network. */
  subnets: FaceSubnet[];
  /** Nothing where it can't be known yet. */
  egress?: Egress;
  /** Once it stands. */
  groupId?: string;
  issuer?: string;
  /** As its stack's settings have them. */
  admittedBy: Admission[];
  joins: string[];
  identities: { namespace: string; serviceAccount: string }[];
}

/** A rule that green's stack adds to somebody else's security group. */
export interface Admission {
  securityGroupId: string;
  /** `in`: from green; `out`: to green. */
  direction: "in" | "out";
  /** `tcp`, `udp`, `icmp`, a number, or `all`. */
  protocol: string;
  /** Absent where the protocol has none, and where all are meant. */
  ports?: { from: number; to: number };
}

export interface Door {
  kind: "security-group" | "network-acl";
  id: string;
  name: string;
  vpcId: string;
  /** Whether private addresses of blue mean blue there: its own network, and those that it has a way to. */
  near: boolean;
  /** What stands behind it, in AWS's own words: `RDSNetworkInterface`. */
  users: string[];
  openings: Opening[];
}

export interface Opening extends Omit<Admission, "securityGroupId"> {
  peer: { group: string } | { ranges: string[]; prefixList?: string };
}

export interface TrustingRole {
  arn: string;
  name: string;
  /** Patterns of the service accounts that may assume it: `system:serviceaccount:shop:web`; none where it says none. */
  subjects: string[];
  /** Which of blue's it trusts: an issuer, or ARNs of roles. */
  issuer?: string;
  nodeRoles: string[];
  /** Whether its trust names green's issuer, or green's cluster by Pod Identity. */
  trustsGreen: boolean;
}

export interface NamingPolicy {
  kind: "bucket" | "key" | "endpoint";
  name: string;
  /** What of blue's it names: ARNs of roles. */
  roleArns: string[];
  /** Ranges of addresses that it lets in (`aws:SourceIp`), where blue's is among them. */
  ranges: string[];
  /** Networks that it names (`aws:SourceVpc`, `aws:SourceVpce`), where blue's is among them. */
  networks: string[];
}

export interface Endpoint {
  id: string;
  vpcId: string;
  /** `com.amazonaws.eu-central-1.s3` */
  service: string;
  type: string;
  /** Of gateways. */
  routeTableIds: string[];
}

export interface Peering {
  id: string;
  /** The two networks. */
  vpcIds: [string, string];
}
