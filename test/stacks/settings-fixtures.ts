import type { FoundationOutputs } from "../../stacks/outputs.js";

const zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];

export const foundationOutputs: FoundationOutputs = {
  vpcId: "vpc-1",
  vpcCidr: "10.20.0.0/16",
  privateSubnets: zones.map((zone) => ({ id: `subnet-private-${zone}`, zone })),
  publicSubnets: zones.map((zone) => ({ id: `subnet-public-${zone}`, zone })),
  hostedZones: [{ name: "example.com", id: "Z1" }],
  addresses: { "syslog-a": { allocationId: "eipalloc-1", publicIp: "198.51.100.1" } },
  egressIps: ["198.51.100.9"],
  backupBucket: "prod-backups",
  keyArn: "arn:aws:kms:eu-west-1:123456789012:key/1",
};

/** The least that a foundation needs. */
export const rawFoundation = (change: object = {}) => ({
  name: "prod",
  region: "eu-west-1",
  network: { kind: "new", zones },
  ...change,
});

export const rawGroup = (change: object = {}) => ({
  name: "nodes",
  min: 3,
  max: 6,
  instanceTypes: ["m6i.large"],
  ...change,
});

/** The least that a cluster needs. */
export const rawCluster = (change: object = {}) => ({
  name: "prod-1-35",
  version: "1.35",
  region: "eu-west-1",
  foundation: foundationOutputs,
  access: [{ name: "platform", principalArn: "arn:aws:iam::123456789012:role/platform", policy: "cluster-admin" }],
  groups: [rawGroup()],
  ...change,
});
