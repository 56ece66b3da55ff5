/** A rule of the team's own, beside the built-in ones. */
export interface TeamRule {
  id: string;
  /** Of which resources; `*` stands for any characters: `aws:eks/nodeGroup:*`. */
  type: string;
  /** Path of the property; `*` stands for every member: `instanceTypes[*]`. */
  property: string;
  /** One of these. `like` and `notLike`: `*` stands for any characters. */
  must:
    | { be: readonly Scalar[] }
    | { notBe: readonly Scalar[] }
    | { like: string }
    | { notLike: string }
    | { exist: boolean };
  /** Why, for people who meet it. */
  reason: string;
}

type Scalar = string | number | boolean;

export interface PolicySettings {
  /** Built-in rules that don't hold here, and why. */
  off: readonly { rule: string; reason: string }[];
  rules: readonly TeamRule[];
}

/** What a rule refuses. */
export interface Violation {
  rule: string;
  /** `prod-1-35 (aws:eks/cluster:Cluster)` */
  resource: string;
  /** Path; empty where it is about the resource as a whole. */
  property: string;
  /** What it is, and what is wrong with that. */
  why: string;
  whatToDo: string;
}

/** Names of the built-in rules; docs/policy.md and `green.policy.off` list them. */
export const policyRuleIds = [
  "public-endpoint",
  "plain-secrets",
  "plain-volume",
  "plain-bucket",
  "public-bucket",
  "imdsv1",
  "open-to-the-world",
  "all-powerful-role",
  "single-zone",
  "untagged-nodes",
  "logs-off",
  "control-plane-lost",
  "foundation-lost",
  "protected-lost",
] as const;
export type PolicyRuleId = (typeof policyRuleIds)[number];
