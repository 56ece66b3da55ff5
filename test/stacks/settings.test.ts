import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { UserError } from "../../src/model/errors.js";
import { parseClusterSettings } from "../../stacks/settings/cluster-settings.js";
import { parseFoundationSettings } from "../../stacks/settings/foundation-settings.js";
import { parseStackSettings } from "../../stacks/settings/stack-settings.js";
import { foundationOutputs, rawCluster, rawFoundation, rawGroup } from "./settings-fixtures.js";

function refusal(parseIt: () => unknown): UserError {
  try {
    parseIt();
  } catch (thrown) {
    if (thrown instanceof UserError) return thrown;
    throw thrown;
  }
  throw new Error("it was not refused");
}

const network = rawFoundation().network;
const { vpcId: _, ...outputsWithoutVpc } = foundationOutputs;
const admin = rawCluster().access[0];

/** A change to settings that are right, and the key that its one error must name. */
const foundations: [change: object, key: string][] = [
  [{ name: "Prod" }, "name: must be"],
  [{ name: undefined }, "name: a name is needed"],
  [{ region: "Ireland" }, "region: is not an AWS region"],
  [{ account: 123456789012 }, "account:"],
  [{ account: "1234" }, "account: must be the 12 digits"],
  [{ zone: "x" }, "zone: there is no such setting"],
  [{ tags: { "aws:team": "x" } }, 'tags["aws:team"]:'],
  [{ network: { kind: "old" } }, "network.kind: must have kind: new"],
  [{ network: { ...network, zones: ["eu-west-1a"] } }, "network.zones: EKS needs at least 2"],
  [{ network: { ...network, zones: ["eu-west-1a", "eu-west-1a"] } }, "network.zones: eu-west-1a is there twice"],
  [{ network: { ...network, zones: ["eu-west-1a", "us-east-1b"] } }, "network.zones[1]: us-east-1b is not in region"],
  [{ network: { ...network, zones: ["eu-west-1a", "b"] } }, "network.zones[1]: is not an availability zone"],
  [{ network: { ...network, cidr: "10.0.0.0" } }, "network.cidr: must be an IPv4 range"],
  [{ network: { ...network, cidr: "10.0.0.0/8" } }, "network.cidr: is larger"],
  [{ network: { ...network, cidr: "10.0.0.0/24" } }, "network.cidr: is too small"],
  [{ network: { ...network, nat: "none" } }, "network.nat: must be per-zone or single"],
  [{ network: { kind: "found", vpcId: "my-vpc", privateSubnetIds: ["subnet-0a", "subnet-0b"] } }, "network.vpcId:"],
  [{ network: { kind: "found", vpcId: "vpc-0a", privateSubnetIds: ["subnet-0a"] } }, "network.privateSubnetIds: EKS"],
  [
    { network: { kind: "found", vpcId: "vpc-0a", privateSubnetIds: ["subnet-0a", "x"] } },
    "network.privateSubnetIds[1]: is not the id of a subnet",
  ],
  [{ hostedZones: ["example.com"] }, "hostedZones[0]:"],
  [{ hostedZones: [{ name: "example.com", public: true }] }, "hostedZones[0].public: there is no such setting"],
  [{ addresses: ["a", "a"] }, "addresses: a is there twice"],
  [{ backup: { bucketName: "My_Bucket" } }, "backup.bucketName: is not a name that S3 takes"],
  [{ backup: { keepOldVersionsDays: 0 } }, "backup.keepOldVersionsDays: must be at least 1"],
  [{ key: { deletionWindowDays: 3 } }, "key.deletionWindowDays: AWS takes 7 to 30"],
];

const group = (change: object) => ({ groups: [rawGroup(change)] });
const clusters: [change: object, key: string][] = [
  [{ name: "prod-green" }, "name: must not say blue or green"],
  [{ name: "a".repeat(33) }, "name: must be 1 to 32"],
  [{ version: 1.35 }, "version: must be text: quote it"],
  [{ version: "1.35.4" }, "version: must be a minor version"],
  [{ foundation: outputsWithoutVpc }, "foundation: must be the name of a foundation stack"],
  [{ endpoint: { public: true } }, "endpoint.publicCidrs: a public endpoint needs the ranges"],
  [{ endpoint: { publicCidrs: ["10.0.0.0/8"] } }, "endpoint.publicCidrs: has no effect"],
  [{ endpoint: { public: "yes" } }, "endpoint.public: must be true or false"],
  [{ logs: { types: ["kubelet"] } }, "logs.types[0]: must be one of api"],
  [{ logs: { retentionDays: 100 } }, "logs.retentionDays: must be a period that CloudWatch Logs knows"],
  [{ serviceCidr: "x" }, "serviceCidr: must be an IPv4 range"],
  [{ support: "long" }, "support: must be standard or extended"],
  [{ access: undefined }, "access: who may use the cluster must be said"],
  [{ access: [] }, "access:"],
  [{ access: [{ ...admin, policy: "view" }] }, "access: nobody is cluster-admin"],
  [
    { access: [admin, { ...admin, name: "b", principalArn: `${admin?.principalArn}-b`, namespaces: ["x"] }] },
    "access[1].namespaces: cluster-admin is of the whole",
  ],
  [{ access: [{ ...admin, principalArn: "platform" }] }, "access[0].principalArn: is not the ARN"],
  [{ access: [admin, admin] }, "access: platform is there twice"],
  [{ groups: [] }, "groups: at least one group"],
  [{ groups: [rawGroup(), rawGroup()] }, "groups: nodes is there twice"],
  [group({ min: -1 }), "groups[0].min: must be at least 0"],
  [group({ min: 2.5 }), "groups[0].min: must be a whole number"],
  [group({ max: 2 }), "groups[0].max: is less than min (3)"],
  [group({ desired: 9 }), "groups[0].desired: is not between min (3) and max (6)"],
  [group({ instanceTypes: [] }), "groups[0].instanceTypes: at least one"],
  [group({ instanceTypes: ["big"] }), "groups[0].instanceTypes[0]: is not an instance type"],
  [group({ rootVolumeGiB: 8 }), "groups[0].rootVolumeGiB: must be at least 20"],
  [group({ capacity: "cheap" }), "groups[0].capacity: must be on-demand or spot"],
  [group({ zones: [] }), "groups[0].zones: at least one zone"],
  [
    group({ labels: { "kops.k8s.io/instancegroup": "nodes" } }),
    'groups[0].labels["kops.k8s.io/instancegroup"]: a kubelet',
  ],
  [group({ labels: { tier: 1 } }), "groups[0].labels.tier: must be text"],
  [group({ taints: [{ key: "a", effect: "NO_SCHEDULE" }] }), "groups[0].taints[0].effect: must be NoSchedule"],
  [group({ taints: [{ key: "", effect: "NoExecute" }] }), "groups[0].taints[0].key: a taint needs a key"],
  [group({ spot: true }), "groups[0].spot: there is no such setting"],
  [
    { admittedBy: [{ securityGroupId: "orders-db", ports: { from: 1, to: 1 } }] },
    "admittedBy[0].securityGroupId: is not",
  ],
  [{ admittedBy: [{ securityGroupId: "sg-1" }] }, "admittedBy[0].ports: tcp needs the ports"],
  [
    { admittedBy: [{ securityGroupId: "sg-1", protocol: "all", ports: { from: 1, to: 1 } }] },
    "admittedBy[0].ports: all has no ports",
  ],
  [
    { admittedBy: [{ securityGroupId: "sg-1", ports: { from: 2, to: 1 } }] },
    "admittedBy[0].ports: from must not be above to",
  ],
  [
    {
      admittedBy: [1, 2].map(() => ({ securityGroupId: "sg-1", ports: { from: 5432, to: 5432 } })),
    },
    "admittedBy: sg-1-in-tcp-5432 is there twice",
  ],
  [{ nodeSecurityGroupIds: ["sg-1", "sg-1"] }, "nodeSecurityGroupIds: sg-1 is there twice"],
  [{ nodeSecurityGroupIds: ["sg-1", "sg-2", "sg-3", "sg-4"] }, "nodeSecurityGroupIds: at most 3"],
  [{ syslog: { group: "syslog", allowFrom: ["10.0.0.0/8"] } }, "syslog.group: there is no group syslog"],
  [{ syslog: { group: "nodes", allowFrom: ["10.0.0.0/8"] } }, "syslog.group: group nodes must have subnets: public"],
  [{ ...group({ subnets: "public" }), syslog: { group: "nodes", allowFrom: [] } }, "syslog.allowFrom: who may send"],
  [{ addresses: { Ingress: "a" } }, "addresses.Ingress: must be"],
  [{ addOns: { "vpc-cni": "latest" } }, "addOns.vpc-cni: must be default, or a version"],
  [{ addOns: { calico: "default" } }, "addOns.calico: there is no such setting"],
];

describe("a foundation's settings", () => {
  it.each(foundations)("refuses %j, naming %s", (change, key) => {
    const { code, message } = refusal(() => parseFoundationSettings(rawFoundation(change)));
    expect(code).toBe("config-invalid");
    expect(message.split("\n").map((line) => line.slice(0, 24 + key.length))).toEqual([
      `clustershift:foundation.${key}`,
    ]);
  });
});

describe("a cluster's settings", () => {
  it.each(clusters)("refuses %j, naming %s", (change, key) => {
    const { code, message } = refusal(() => parseClusterSettings(rawCluster(change)));
    expect(code).toBe("config-invalid");
    expect(message.split("\n").map((line) => line.slice(0, 21 + key.length))).toEqual([`clustershift:cluster.${key}`]);
  });

  it("tells all errors at once", () => {
    const wrong = rawCluster({ version: "35", region: "x", groups: [rawGroup({ name: "A", min: -1 })] });
    expect(refusal(() => parseClusterSettings(wrong)).message.split("\n")).toHaveLength(4);
  });

  it("fills in what is safe", () => {
    expect(parseClusterSettings(rawCluster())).toMatchObject({
      endpoint: { public: false },
      logs: { types: ["api", "audit", "authenticator", "controllerManager", "scheduler"], retentionDays: 90 },
      support: "extended",
      addOns: { "vpc-cni": "default", "aws-ebs-csi-driver": "default" },
      groups: [{ capacity: "on-demand", volumes: false, subnets: "private", rootVolumeGiB: 50 }],
    });
  });

  it("takes labels that a kubelet may set", () => {
    const labels = { tier: "a", "example.com/role": "b", "node.kubernetes.io/purpose": "c", "notkubernetes.io/x": "d" };
    expect(parseClusterSettings(rawCluster(group({ labels }))).groups[0]?.labels).toEqual(labels);
  });
});

describe("a stack's settings", () => {
  it.each([
    { case: "neither kind", raw: { foundation: undefined, cluster: undefined }, says: /neither/ },
    { case: "both kinds", raw: { foundation: rawFoundation(), cluster: rawCluster() }, says: /both/ },
  ])("refuses $case", ({ raw, says }) => {
    expect(refusal(() => parseStackSettings(raw))).toMatchObject({
      code: "config-invalid",
      message: expect.stringMatching(says),
    });
  });

  it("are those of the examples, each of the kind that its name says", async () => {
    const files = (await readdir("examples/stacks")).filter((file) => file.endsWith(".yaml"));
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const file of files) {
      const { config } = parse(await readFile(`examples/stacks/${file}`, "utf8"));
      const raw = { foundation: config["clustershift:foundation"], cluster: config["clustershift:cluster"] };
      expect(file).toContain(parseStackSettings(raw).kind);
    }
  });
});
