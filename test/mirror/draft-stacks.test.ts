import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draftStacks, type Wishes } from "../../src/mirror/draft-stacks.js";
import type { Shape, ShapeGroup } from "../../src/model/shape.js";
import { spreadOverZones } from "../../stacks/cluster/zone-spread.js";
import { parseClusterSettings } from "../../stacks/settings/cluster-settings.js";
import { parseFoundationSettings } from "../../stacks/settings/foundation-settings.js";

const group: ShapeGroup = {
  name: "nodes",
  zones: ["eu-west-1a", "eu-west-1b"],
  min: 2,
  max: 4,
  instanceTypes: ["m5.large"],
  spot: false,
  labels: { "kops.k8s.io/instancegroup": "nodes" },
  taints: [],
  ownsAddresses: false,
};

const blue = (change: Partial<Shape> = {}): Shape => ({
  name: "blue.acme.example",
  groups: [group],
  network: { cidrs: ["172.20.0.0/16"], subnets: [] },
  remarks: [],
  ...change,
});

const wishes = (change: Partial<Wishes> = {}): Wishes => ({
  name: "acme-1-35",
  version: "1.35",
  foundation: { name: "acme", stack: "acme-foundation" },
  region: "eu-west-1",
  admin: "arn:aws:iam::123456789012:role/platform",
  hostedZones: [],
  ingressAddress: false,
  volumes: false,
  ...change,
});

describe("drafts of green's stacks", () => {
  it("give both stacks what they share, and the cluster its foundation", () => {
    const { foundation, cluster } = draftStacks(
      blue(),
      wishes({ account: "123456789012", ingressAddress: true, hostedZones: [{ name: "acme.example" }] }),
    );
    expect(parseFoundationSettings(foundation)).toMatchObject({
      name: "acme",
      region: "eu-west-1",
      account: "123456789012",
      hostedZones: [{ name: "acme.example" }],
      addresses: ["ingress"],
    });
    expect(parseClusterSettings(cluster)).toMatchObject({
      region: "eu-west-1",
      account: "123456789012",
      foundation: "organization/clustershift/acme-foundation",
      addresses: { ingress: "ingress" },
    });
  });

  it("open the syslog port of the group that receives it, where it is said to whom", () => {
    const groups = [group, { ...group, name: "sys.log" }];
    const drawn = (allowFrom: string[]) =>
      draftStacks(blue({ groups }), wishes({ syslog: { group: "sys.log", allowFrom } }));
    expect(drawn(["203.0.113.0/24"]).cluster).toMatchObject({
      syslog: { group: "sys-log", allowFrom: ["203.0.113.0/24"] },
      groups: [{ name: "nodes" }, { name: "sys-log", subnets: "public" }],
    });
    expect(drawn([]).cluster).not.toHaveProperty("syslog");
    expect(drawn([]).renamedGroups).toEqual({ "sys.log": "sys-log" });
  });

  it("leave out who may use the cluster where nobody said it, which the stacks then refuse", () => {
    const { cluster } = draftStacks(blue(), wishes({ admin: undefined }));
    expect(() => parseClusterSettings(cluster)).toThrow("clustershift:cluster.access: who may use the cluster");
  });

  it("keep groups within the three zones of a new network, and say what they leave", () => {
    const zones = ["a", "b", "c", "d"].map((letter) => `eu-west-1${letter}`);
    const groups = [
      { ...group, zones },
      { ...group, name: "far", zones: ["eu-west-1d"] },
    ];
    const { cluster, chosen } = draftStacks(blue({ groups }), wishes());
    expect(cluster.groups.map((each) => each.zones)).toEqual([zones.slice(0, 3), undefined]);
    expect(chosen.filter((line) => line.includes("is not in eu-west-1d"))).toHaveLength(2);
  });

  it("take a network that is named as it is", () => {
    const network = {
      kind: "found" as const,
      vpcId: "vpc-1",
      privateSubnetIds: ["subnet-1", "subnet-2"],
      publicSubnetIds: [],
    };
    expect(draftStacks(blue(), wishes({ network })).foundation.network).toEqual(network);
  });

  it("are taken by the stacks whatever blue's shape is, each group within its network and as big as blue's", () => {
    fc.assert(
      fc.property(shapes, fc.boolean(), (shape, volumes) => {
        const { foundation, cluster } = draftStacks(shape, wishes({ volumes }));
        const { network } = parseFoundationSettings(foundation);
        const { groups } = parseClusterSettings(cluster);
        const zones = network.kind === "new" ? network.zones : [];
        for (const [index, drawn] of groups.entries()) {
          const parts = spreadOverZones(
            drawn,
            zones.map((zone) => ({ id: `subnet-${zone}`, zone })),
          );
          const total = (size: "min" | "max") => parts.reduce((sum, part) => sum + part[size], 0);
          expect({ min: total("min"), max: total("max") }).toEqual({
            min: shape.groups[index]?.min,
            max: Math.max(1, shape.groups[index]?.max ?? 0),
          });
        }
      }),
      { numRuns: 300 },
    );
  });
});

const letters = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { maxLength: 4 });
const labelKey = fc.constantFrom("tier", "acme.example/x", "kops.k8s.io/y", "kubernetes.io/z", "node.kubernetes.io/w");

const shapes: fc.Arbitrary<Shape> = fc
  .uniqueArray(
    fc.record({
      name: fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,40}$/),
      zones: letters.map((all) => all.sort().map((letter) => `eu-west-1${letter}`)),
      sizes: fc.tuple(fc.nat(9), fc.nat(9)),
      desired: fc.option(fc.nat(12), { nil: undefined }),
      instanceTypes: fc.subarray(["m5.large", "m6g.large", "c5.xlarge"]),
      spot: fc.boolean(),
      rootVolumeGiB: fc.option(fc.integer({ min: 1, max: 500 }), { nil: undefined }),
      labels: fc.dictionary(labelKey, fc.constantFrom("", "x")),
      ownsAddresses: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5, selector: ({ name }) => name },
  )
  .map((all) =>
    blue({
      groups: all.map(({ sizes: [min, more], desired, rootVolumeGiB, ...rest }) => ({
        ...rest,
        min,
        max: min + more,
        taints: [],
        ...(desired !== undefined && { desired }),
        ...(rootVolumeGiB !== undefined && { rootVolumeGiB }),
      })),
    }),
  );
