import { partitionOf } from "../../model/partition.js";

/** What a policy is cut to. What isn't known is absent, and the policy then says `*` there, with a note. */
export interface Scope {
  region?: string | undefined;
  account?: string | undefined;
  /** Names of the clusters. */
  blue?: string | undefined;
  green?: string | undefined;
  /** Names of the stacks' foundation. */
  foundation?: string | undefined;
  /** Whether blue is a stack of clustershift's. */
  blueIsStack: boolean;
  /** Key of the tag that a shift leaves; absent where it leaves none. */
  markTag?: string | undefined;
  records?: RecordScope;
  balancers?: BalancerScope;
  addresses: boolean;
  metrics: boolean;
  /** Whether volumes may be copied or handed over. */
  volumes: boolean;
  bucket?: { name: string; prefix: string } | undefined;
  /** Security groups of others that green's stack adds rules to. */
  admittedBy: string[];
  /** Policies that roles of green's stack get beside AWS's own for clusters. */
  policyArns: string[];
}

export interface RecordScope {
  /** Ids; absent where a zone is only known by its name. */
  zoneIds?: string[] | undefined;
  /** Patterns of all names that a shift writes, and of their zones, for where these are too many. */
  names: string[];
  wide: string[];
  types: string[];
}

export interface BalancerScope {
  /** ARNs of listeners, or patterns of them. */
  listeners: string[];
  rules: string[];
}

/** Of nothing in particular: what an administrator sees who has no configuration yet. */
export const anyScope: Scope = {
  blueIsStack: true,
  markTag: "clustershift:before:*",
  records: { names: ["*"], wide: ["*"], types: ["A", "AAAA", "CNAME", "TXT"] },
  balancers: {
    listeners: ["arn:aws:elasticloadbalancing:*:*:listener/*"],
    rules: ["arn:aws:elasticloadbalancing:*:*:listener-rule/*"],
  },
  addresses: true,
  metrics: true,
  volumes: true,
  bucket: { name: "*", prefix: "*" },
  admittedBy: [],
  policyArns: [],
};

/** `arn:aws:ec2:eu-central-1:123456789012:instance/*` */
export function arnOf(
  scope: Scope,
  service: string,
  resource: string,
  where: "regional" | "global" = "regional",
): string {
  const region = where === "global" ? "" : (scope.region ?? "*");
  return `arn:${scope.region ? partitionOf(scope.region) : "aws"}:${service}:${region}:${scope.account ?? "*"}:${resource}`;
}
