import { describe, expect, it } from "vitest";
import { readKops } from "../../../src/mirror/kops/read.js";
import { shapeOfKops } from "../../../src/mirror/kops/shape.js";
import { clusterDocument, documents, groupDocument } from "./specifications.js";

const shape = (cluster: object, ...groups: object[]) =>
  shapeOfKops(readKops([{ name: "x.yaml", text: documents(clusterDocument(cluster), ...groups) }]));

const group = (change: object, cluster: object = {}) => shape(cluster, groupDocument(change)).groups[0];

describe("the shape of a kops cluster", () => {
  it("has its name, version, region and ranges", () => {
    expect(shape({ additionalNetworkCIDRs: ["10.0.0.0/16"], networkID: "vpc-1" }, groupDocument())).toMatchObject({
      name: "blue.acme.example",
      version: "1.10.13",
      region: "eu-west-1",
      network: { vpcId: "vpc-1", cidrs: ["172.20.0.0/16", "10.0.0.0/16"] },
    });
  });

  it("has groups of workers only, and says what becomes of the others", () => {
    const { groups, remarks } = shape(
      { etcdClusters: [{ name: "main", etcdMembers: [{ name: "a" }, { name: "b" }, { name: "c" }] }] },
      groupDocument({ role: "Master" }, "master-a"),
      groupDocument({ role: "ControlPlane" }, "master-b"),
      groupDocument({ role: "Bastion" }, "bastions"),
      groupDocument(),
    );
    expect(groups.map(({ name }) => name)).toEqual(["nodes"]);
    expect(remarks).toEqual([
      expect.stringContaining("control plane (master-a, master-b, and etcd of 3 member(s))"),
      expect.stringContaining("bastions (bastions)"),
    ]);
  });

  it("takes kops' own defaults where a group says nothing", () => {
    const silent = { machineType: undefined, minSize: undefined, maxSize: undefined, subnets: undefined };
    expect(group(silent)).toEqual({
      name: "nodes",
      zones: ["eu-west-1a", "eu-west-1b"],
      min: 2,
      max: 2,
      instanceTypes: [],
      spot: false,
      rootVolumeGiB: 128,
      labels: { "kops.k8s.io/instancegroup": "nodes" },
      taints: [],
      ownsAddresses: false,
    });
    expect(group({ minSize: undefined, maxSize: 5 })).toMatchObject({ min: 5, max: 5 });
    expect(group({ minSize: 3, maxSize: undefined })).toMatchObject({ min: 3, max: 3 });
  });

  it("places a group of no subnets where nodes go", () => {
    const subnets = [
      { name: "a", zone: "eu-west-1a", type: "Private" },
      { name: "b", zone: "eu-west-1b", type: "Private" },
      { name: "utility-c", zone: "eu-west-1c", type: "Utility" },
    ];
    const cluster = { subnets, topology: { masters: "private", nodes: "private" } };
    expect(group({ subnets: undefined }, cluster)?.zones).toEqual(["eu-west-1a", "eu-west-1b"]);
    expect(shape(cluster, groupDocument({ subnets: ["a"] })).network.subnets.map((each) => each.public)).toEqual([
      false,
      false,
      true,
    ]);
  });

  it("takes a subnet's name for its zone where it says none", () => {
    expect(group({}, { subnets: [{ name: "eu-west-1a", cidr: "172.20.32.0/19" }] })?.zones).toEqual(["eu-west-1a"]);
  });

  it.each([
    ["a bid", { maxPrice: 0.12 }, true],
    ["a policy of spot alone", { mixedInstancesPolicy: { instances: ["c5.large"], onDemandAboveBase: 0 } }, true],
    ["a policy with an on-demand base", { mixedInstancesPolicy: { onDemandAboveBase: 0, onDemandBase: 1 } }, false],
    ["a policy of both", { mixedInstancesPolicy: { onDemandAboveBase: 50 } }, false],
    ["a policy that says no share", { mixedInstancesPolicy: { instances: ["c5.large"] } }, false],
    ["nothing", {}, false],
  ])("tells spot from on-demand: %s", (_what, change, spot) => {
    expect(group(change)?.spot).toBe(spot);
  });

  it("has each instance type once, the preferred first", () => {
    const mixedInstancesPolicy = { instances: ["m5a.large", "m5.large"] };
    expect(group({ machineType: "m5.large, m4.large", mixedInstancesPolicy })?.instanceTypes).toEqual([
      "m5.large",
      "m4.large",
      "m5a.large",
    ]);
  });

  it("reads taints with and without a value", () => {
    expect(group({ taints: ["a=b:NoSchedule", "a=:NoExecute", "c:PreferNoSchedule"] })?.taints).toEqual([
      { key: "a", value: "b", effect: "NoSchedule" },
      { key: "a", effect: "NoExecute" },
      { key: "c", effect: "PreferNoSchedule" },
    ]);
  });

  it("says what isn't carried over, and only that", () => {
    const { remarks } = shape(
      { networking: { calico: {} }, kubernetesApiAccess: ["203.0.113.0/24"], sshAccess: ["203.0.113.0/24"] },
      groupDocument({
        maxPrice: "0.1",
        additionalSecurityGroups: ["sg-1"],
        rootVolumeType: "gp2",
      }),
      groupDocument({ mixedInstancesPolicy: { onDemandAboveBase: 50 } }, "mixed"),
    );
    expect(remarks.map((remark) => remark.split(":")[0])).toEqual([
      "Blue's pods are networked by calico, green's by the VPC CNI",
      "Blue's API is reachable from 203.0.113.0/24; green's from its network only, unless endpoint.public says otherwise.",
      "SSH from 203.0.113.0/24 is not carried over",
      "The bid of 0.1 for nodes isn't carried over",
      "Nodes of nodes are in sg-1 too",
      "The root volumes of nodes are gp2; green's are gp3.",
      "mixed mixes on-demand with spot (0 on-demand, then 50 %)",
    ]);
    expect(shape({ networking: { amazonvpc: {} } }, groupDocument({ rootVolumeType: "gp3" })).remarks).toEqual([]);
  });
});
