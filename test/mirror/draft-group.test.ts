import { describe, expect, it } from "vitest";
import { drawGroup, nameFor } from "../../src/mirror/draft-group.js";
import type { ShapeGroup } from "../../src/model/shape.js";

const blue = (change: Partial<ShapeGroup> = {}): ShapeGroup => ({
  name: "nodes",
  zones: ["eu-west-1a", "eu-west-1b"],
  min: 2,
  max: 4,
  instanceTypes: ["m5.large"],
  spot: false,
  labels: {},
  taints: [],
  ownsAddresses: false,
  ...change,
});

const draw = (change: Partial<ShapeGroup>, volumes = false) => drawGroup(blue(change), [], volumes);

describe("green's counterpart of a group", () => {
  it("says no more than blue's", () => {
    expect(draw({})).toEqual({
      group: {
        name: "nodes",
        min: 2,
        max: 4,
        instanceTypes: ["m5.large"],
        zones: ["eu-west-1a", "eu-west-1b"],
      },
      renamedLabels: {},
      chosen: [],
    });
  });

  it.each<[string, Partial<ShapeGroup>, object, RegExp]>([
    ["may have a node where blue's maximum is 0", { min: 0, max: 0 }, { min: 0, max: 1 }, /maximum of 0/],
    ["has a root volume that the image fits into", { rootVolumeGiB: 8 }, { rootVolumeGiB: 20 }, /20 GiB/],
    [
      "has instances that every region has where blue's aren't seen",
      { instanceTypes: [] },
      { instanceTypes: ["m6i.xlarge", "m5.xlarge"] },
      /nothing shows/,
    ],
    [
      "has one architecture",
      { instanceTypes: ["m6g.large", "m5.large"] },
      { instanceTypes: ["m6g.large"], architecture: "arm64" },
      /one architecture/,
    ],
    [
      "is one node group a zone where its nodes own addresses, and public",
      { ownsAddresses: true },
      { perZone: true, subnets: "public" },
      /addresses stay/,
    ],
  ])("%s, and says so", (_what, change, expected, words) => {
    const { group, chosen } = draw(change);
    expect(group).toMatchObject(expected);
    expect(chosen).toEqual([expect.stringMatching(words)]);
  });

  it.each([
    ["a1.large", true],
    ["t4g.micro", true],
    ["c7gn.large", true],
    ["x2gd.large", true],
    ["im4gn.large", true],
    ["g5g.xlarge", true],
    ["g4dn.xlarge", false],
    ["m5.large", false],
    ["trn1.2xlarge", false],
    ["u-6tb1.metal", false],
  ])("tells Graviton by its family: %s", (type, arm) => {
    expect("architecture" in draw({ instanceTypes: [type] }).group).toBe(arm);
  });

  it("is one node group a zone where there are volumes, and nodes for each zone", () => {
    expect(draw({}, true).group).toMatchObject({ perZone: true });
    expect(draw({ min: 1, max: 1 }, true).group).not.toHaveProperty("perZone");
    expect(draw({ zones: ["eu-west-1a"] }, true).group).not.toHaveProperty("perZone");
  });

  it("starts with as many nodes as there are now, within its limits", () => {
    expect(draw({ desired: 3 }).group).toMatchObject({ desired: 3 });
    expect(draw({ desired: 9 }).group).toMatchObject({ desired: 4 });
    expect(draw({ desired: 0 }).group).not.toHaveProperty("desired");
  });
});

describe("a group's name", () => {
  it.each([
    ["nodes", [], "nodes"],
    ["Build.Jobs", [], "build-jobs"],
    ["2nd", [], "nd"],
    ["...", [], "group"],
    ["nodes", ["nodes"], "nodes-2"],
    ["nodes", ["nodes", "nodes-2"], "nodes-3"],
    ["a-name-of-many-more-letters-than-aws-takes", [], "a-name-of-many-more-letters-than"],
    [
      "a-name-of-many-more-letters-than-aws-takes",
      ["a-name-of-many-more-letters-than"],
      "a-name-of-many-more-letters-th-2",
    ],
  ])("%s with %j taken is %s", (wanted, taken, name) => {
    expect(nameFor(wanted, taken)).toBe(name);
  });
});
