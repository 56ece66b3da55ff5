import { describe, expect, it } from "vitest";
import { policyRuleIds } from "../../../src/model/policy.js";
import { notKnownYet, type Properties, type StackChange } from "../../../src/model/stack-change.js";
import { describeViolation, policyRules, violations } from "../../../src/provision/policy/index.js";
import { change, cluster, nodeGroup, template } from "../samples.js";

const sound: Record<string, Properties> = {
  [cluster]: {
    vpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: false },
    encryptionConfig: { provider: { keyArn: "arn:key" }, resources: ["secrets"] },
    enabledClusterLogTypes: ["api", "audit", "authenticator"],
  },
  [template]: {
    metadataOptions: { httpTokens: "required" },
    blockDeviceMappings: [{ ebs: { encrypted: "true" } }],
    tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags: { team: "a" } })),
  },
  [nodeGroup]: { launchTemplate: { id: "lt-1" }, subnetIds: ["subnet-a", "subnet-b"] },
};

const altered = (type: string, changes: Properties) => [change(type, { ...sound[type], ...changes })];
const blockAll = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};
const rule = (inputs: Properties) => [
  change("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", { ipProtocol: "tcp", ...inputs }),
];
const policy = (Action: unknown, Resource: unknown, Effect = "Allow") => [
  change("aws:iam/rolePolicy:RolePolicy", { policy: JSON.stringify({ Statement: [{ Effect, Action, Resource }] }) }),
];
const block = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const encryption = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const bucket = (name: string) => change("aws:s3/bucket:Bucket", {}, { name });

const refused: [string, StackChange[], string[]][] = [
  [
    "a public endpoint for everyone by AWS's default",
    altered(cluster, { vpcConfig: {} }),
    ["public-endpoint vpcConfig.publicAccessCidrs"],
  ],
  [
    "a public endpoint for every IPv6 address",
    altered(cluster, { vpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ["203.0.113.0/24", "::/0"] } }),
    ["public-endpoint vpcConfig.publicAccessCidrs"],
  ],
  ["plain Secrets", altered(cluster, { encryptionConfig: undefined }), ["plain-secrets encryptionConfig.resources"]],
  [
    "encryption of something else",
    altered(cluster, { encryptionConfig: { resources: [] } }),
    ["plain-secrets encryptionConfig.resources"],
  ],
  ["no audit log", altered(cluster, { enabledClusterLogTypes: ["api"] }), ["logs-off enabledClusterLogTypes"]],
  [
    "a plain root volume",
    altered(template, { blockDeviceMappings: [{ ebs: { encrypted: "false" } }] }),
    ["plain-volume blockDeviceMappings[0].ebs.encrypted"],
  ],
  ["the image's own volume", altered(template, { blockDeviceMappings: [] }), ["plain-volume blockDeviceMappings"]],
  [
    "encryption that nobody knows before",
    altered(template, { blockDeviceMappings: [{ ebs: { encrypted: notKnownYet } }] }),
    ["plain-volume blockDeviceMappings[0].ebs.encrypted"],
  ],
  ["a plain volume", [change("aws:ebs/volume:Volume", { size: 5 })], ["plain-volume encrypted"]],
  [
    "a plain instance with IMDSv1",
    [change("aws:ec2/instance:Instance", {})],
    ["plain-volume rootBlockDevice.encrypted", "imdsv1 metadataOptions.httpTokens"],
  ],
  ["IMDSv1", altered(template, { metadataOptions: { httpTokens: "optional" } }), ["imdsv1 metadataOptions.httpTokens"]],
  ["AWS's own launch template", altered(nodeGroup, { launchTemplate: undefined }), ["imdsv1 launchTemplate"]],
  [
    "nodes without tags",
    altered(template, {
      tagSpecifications: [
        { resourceType: "volume", tags: { a: "b" } },
        { resourceType: "instance", tags: {} },
      ],
    }),
    ["untagged-nodes tagSpecifications"],
  ],
  ["a single zone", altered(nodeGroup, { subnetIds: ["subnet-a"] }), ["single-zone subnetIds"]],
  [
    "a single zone for two groups, once",
    ["a", "b"].map((name) => change(nodeGroup, { ...sound[nodeGroup], subnetIds: ["subnet-a"] }, { name })),
    ["single-zone subnetIds"],
  ],
  ["a plain bucket", [bucket("backups")], ["plain-bucket serverSideEncryptionConfiguration"]],
  [
    "the second of two buckets",
    [bucket("a"), bucket("b"), change(encryption, {})],
    ["plain-bucket serverSideEncryptionConfiguration", "plain-bucket serverSideEncryptionConfiguration"],
  ],
  [
    "a bucket that may be opened",
    [change(block, { ...blockAll, blockPublicPolicy: false })],
    ["public-bucket blockPublicPolicy"],
  ],
  [
    "an open bucket",
    [change("aws:s3/bucket:Bucket", { acl: "public-read", serverSideEncryptionConfiguration: {} })],
    ["public-bucket acl"],
  ],
  ["SSH for everyone", rule({ fromPort: 22, toPort: 22, cidrIpv4: "0.0.0.0/0" }), ["open-to-the-world cidrIpv4"]],
  ["more than the web", rule({ fromPort: 80, toPort: 443, cidrIpv6: "::/0" }), ["open-to-the-world cidrIpv6"]],
  [
    "every protocol",
    rule({ ipProtocol: "-1", fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" }),
    ["open-to-the-world cidrIpv4"],
  ],
  [
    "syslog for everyone, in the group itself",
    [
      change("aws:ec2/securityGroup:SecurityGroup", {
        ingress: [{ protocol: "udp", fromPort: 514, toPort: 514, cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] }],
      }),
    ],
    ["open-to-the-world ingress[0].cidrBlocks[1]"],
  ],
  [
    "SSH by a node group's own settings",
    altered(nodeGroup, { remoteAccess: { ec2SshKey: "ops" } }),
    ["open-to-the-world remoteAccess"],
  ],
  ["a role that may do all", policy("*", ["*"]), ["all-powerful-role policy"]],
  [
    "the administrator's policy",
    [
      change("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
        policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
      }),
    ],
    ["all-powerful-role policyArn"],
  ],
  [
    "a control plane made anew",
    [change(cluster, sound[cluster], { kind: "replace", because: ["name"] })],
    ["control-plane-lost name"],
  ],
  ["a control plane that goes", [change(cluster, undefined, { kind: "delete" })], ["control-plane-lost"]],
  [
    "a part of the foundation that goes",
    [change("aws:ec2/subnet:Subnet", undefined, { kind: "delete", component: "clustershift:foundation:NewNetwork" })],
    ["foundation-lost"],
  ],
  [
    "what is protected",
    [change("aws:ec2/eip:Eip", {}, { kind: "replace", because: ["domain"], isProtected: true })],
    ["protected-lost domain"],
  ],
];

const passed: [string, StackChange[]][] = [
  ["a sound cluster", Object.entries(sound).map(([type, inputs]) => change(type, inputs))],
  [
    "a public endpoint for some",
    altered(cluster, { vpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ["203.0.113.0/24"] } }),
  ],
  ["an endpoint that is switched off", altered(template, { metadataOptions: { httpEndpoint: "disabled" } })],
  [
    "groups of one zone each, in two",
    ["a", "b"].map((zone) => change(nodeGroup, { ...sound[nodeGroup], subnetIds: [`subnet-${zone}`] }, { name: zone })),
  ],
  ["a bucket with its encryption beside it", [bucket("backups"), change(encryption, {}), change(block, blockAll)]],
  ["the web for everyone", rule({ fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" })],
  ["SSH for some", rule({ fromPort: 22, toPort: 22, cidrIpv4: "203.0.113.0/24" })],
  [
    "what leaves",
    [
      change("aws:ec2/securityGroupRule:SecurityGroupRule", {
        type: "egress",
        protocol: "-1",
        cidrBlocks: ["0.0.0.0/0"],
      }),
    ],
  ],
  ["a role that is denied all", policy("*", "*", "Deny")],
  ["a role of some actions", policy(["s3:*"], "*")],
  ["a policy that isn't known yet", [change("aws:iam/rolePolicy:RolePolicy", { policy: notKnownYet })]],
  [
    "what goes, and may",
    [change(nodeGroup, undefined, { kind: "delete" }), change("aws:ebs/volume:Volume", undefined, { kind: "delete" })],
  ],
  ["what stays protected", [change("aws:ec2/eip:Eip", {}, { kind: "update", isProtected: true })]],
];

const said = (changes: StackChange[], off: string[] = []) =>
  violations(changes, { off: off.map((rule) => ({ rule, reason: "said" })), rules: [] }).map(({ rule, property }) =>
    `${rule} ${property}`.trim(),
  );

describe("the built-in policy", () => {
  it.each(refused)("refuses %s", (_case, changes, rules) => {
    expect(said(changes)).toEqual(rules);
  });

  it.each(refused)("lets %s pass once its rules are off", (_case, changes, rules) => {
    expect(
      said(
        changes,
        rules.map((each) => each.split(" ")[0] ?? ""),
      ),
    ).toEqual([]);
  });

  it.each(passed)("lets %s pass", (_case, changes) => {
    expect(said(changes)).toEqual([]);
  });

  it("is tried here rule by rule, and registers each that the configuration can switch off", () => {
    expect(policyRules.map(({ id }) => id)).toEqual([...policyRuleIds]);
    const tried = new Set(refused.flatMap(([, , rules]) => rules.map((each) => each.split(" ")[0])));
    expect([...policyRuleIds].filter((id) => !tried.has(id))).toEqual([]);
  });

  it("says which resource and property, what is wrong, and what to do", () => {
    const [violation] = violations(altered(template, { metadataOptions: {} }), { off: [], rules: [] });
    expect(violation && describeViolation(violation)).toBe(
      "imdsv1: green (aws:ec2/launchTemplate:LaunchTemplate) metadataOptions.httpTokens: it is nothing, and IMDSv1 is answered. Set metadataOptions.httpTokens: required.",
    );
  });
});
