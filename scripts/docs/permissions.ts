import { stringify } from "yaml";
import { blueHandOverPermissions, bluePermissions, greenPermissions } from "../../src/kube/permissions.js";
import type { KubeObject } from "../../src/model/objects.js";
import { code, document, head, type Page, shell, table } from "./page.js";

export const permissionsPage: Page = {
  path: "docs/permissions.md",
  render: () =>
    document(
      head("Permissions", "src/kube/permissions.ts"),
      [
        "What clustershift needs of each cluster, as the objects that an administrator applies. `clustershift permissions blue`",
        "and `clustershift permissions green` print the same, and `clustershift permissions blue-hand-over` what its section says:",
      ].join("\n"),
      shell("clustershift permissions blue | kubectl --context BLUE apply -f -"),
      "## Blue",
      [
        "Get, list and watch, and nothing else. The client for blue has no method that writes, so a wider role would not be",
        "used; this one lets the server say so too.",
      ].join("\n"),
      manifests(bluePermissions()),
      "## Blue, for the hand-over",
      [
        "Only where `workloads.exclusive` has rules: an identity of its own, by which exclusive workloads are stopped on blue and",
        "started again. `clustershift permissions blue-hand-over` prints it for the rules of the configuration: only the kinds that",
        "they select, and only the objects by name where each rule of a kind names one. This is the widest:",
      ].join("\n"),
      manifests(blueHandOverPermissions()),
      "## Green",
      [
        "Less than cluster-admin: nothing is ever deleted but clustershift's own records, and nobody is impersonated. Whoever may",
        "write roles is as powerful in the end, so take it away when the run is over.",
      ].join("\n"),
      manifests(greenPermissions()),
      "## AWS",
      [
        "For traffic targets only, with the identity that the AWS SDK finds. What stands a green up with Pulumi needs more, and",
        "that belongs to the stack.",
      ].join("\n"),
      table(
        ["action", "what for", "commands"],
        aws.map(([action, why, commands]) => [code(action), why, commands]),
      ),
    ),
};

/** The actions behind src/aws/: a change there is a change here. */
const aws: readonly (readonly [action: string, why: string, commands: string])[] = [
  ["route53:GetHostedZone", "a zone that is given by its id", "plan, prepare, cutover"],
  [
    "route53:ListHostedZonesByName",
    "a zone that is given by its name, and others of that name",
    "plan, prepare, cutover",
  ],
  [
    "route53:ListResourceRecordSets",
    "records as they are, before each change and after it",
    "plan, prepare, cutover, rollback, teardown",
  ],
  [
    "route53:ChangeResourceRecordSets",
    "TTLs, weights, the TXT record that marks a shift, and the way back; can be limited to the zone's ARN",
    "prepare, cutover, rollback, teardown",
  ],
  ["route53:GetChange", "whether Route 53's name servers all have a change", "prepare, cutover, rollback, teardown"],
  ["route53:GetHostedZoneLimit", "whether the zone has room for green's record sets", "prepare"],
  [
    "cloudwatch:GetMetricData",
    "checks of kind cloudwatch under traffic.analysis, sources under traffic.leftover",
    "analyse, cutover, leftover",
  ],
  ["elasticloadbalancing:DescribeLoadBalancers", "a listener that is given by name and port", "plan, cutover"],
  [
    "elasticloadbalancing:DescribeListeners",
    "a listener's default action, before each change and after it",
    "plan, cutover, rollback, teardown",
  ],
  [
    "elasticloadbalancing:DescribeRules",
    "a rule's actions, before each change and after it",
    "plan, cutover, rollback, teardown",
  ],
  ["elasticloadbalancing:DescribeTargetGroups", "whether green's target group fits blue's", "cutover"],
  ["elasticloadbalancing:DescribeTargetHealth", "whether green's target group has a healthy target", "cutover"],
  [
    "elasticloadbalancing:ModifyListener",
    "weights of a default action, and the way back; can be limited to the listener's ARN",
    "cutover, rollback, teardown",
  ],
  [
    "elasticloadbalancing:ModifyRule",
    "weights of a rule, and the way back; can be limited to the rule's ARN",
    "cutover, rollback, teardown",
  ],
  [
    "elasticloadbalancing:DescribeTags",
    "what a shift left on listeners and rules",
    "cutover after a crash, rollback with nothing left",
  ],
  [
    "elasticloadbalancing:AddTags",
    "how a listener or a rule was, before it moves",
    "cutover, unless traffic.marks is none",
  ],
  [
    "elasticloadbalancing:RemoveTags",
    "taking that off again",
    "cutover, rollback, teardown, unless traffic.marks is none",
  ],
  ["ec2:DescribeTags", "what a shift left on addresses", "cutover after a crash, rollback with nothing left"],
  [
    "ec2:CreateTags",
    "where an address was, before it moves; asked about by a dry run",
    "prepare, cutover, unless traffic.marks is none",
  ],
  ["ec2:DeleteTags", "taking that off again", "cutover, rollback, teardown, unless traffic.marks is none"],
  ["ec2:DescribeAddresses", "Elastic IPs, and who has them", "init, plan, cutover, rollback"],
  [
    "ec2:DescribeInstances",
    "which of green's instances takes which address; blue's VPC",
    "init, plan, prepare, cutover",
  ],
  ["ec2:DescribeVpcs", "blue's network, and its ranges", "init"],
  ["ec2:DescribeSubnets", "zones of blue's network", "init"],
  ["ec2:DescribeRouteTables", "which of blue's subnets lead out", "init"],
  [
    "ec2:AssociateAddress",
    "moving an address, and giving it back; asked about by a dry run",
    "prepare, cutover, rollback",
  ],
  ["ec2:DisassociateAddress", "giving back an address that nobody had", "rollback"],
  ["sts:GetCallerIdentity", "whose account it is: needs no permission", "init, plan, cutover, rollback"],
];

function manifests(objects: KubeObject[]): string {
  const documents = objects.map((object) => stringify(object, { lineWidth: 0 })).join("---\n");
  return `\`\`\`yaml\n${documents}\`\`\``;
}
