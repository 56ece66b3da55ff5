import { describe, expect, it } from "vitest";
import { drawNetwork } from "../../src/mirror/draft-network.js";
import type { ShapeNetwork } from "../../src/model/shape.js";

const zones = ["eu-west-1a", "eu-west-1b"];
const subnets = (isPublic: boolean, of = zones) =>
  of.map((zone) => ({ id: `subnet-${isPublic ? 2 : 1}${zone.at(-1)}`, zone, public: isPublic }));
const blue = (change: Partial<ShapeNetwork> = {}): ShapeNetwork => ({
  vpcId: "vpc-1",
  cidrs: ["172.20.0.0/16"],
  subnets: [...subnets(false), ...subnets(true)],
  ...change,
});
const needs = { region: "eu-west-1", zones, addressZones: [] };

describe("green's network", () => {
  it("is blue's own where nodes can live in it", () => {
    expect(drawNetwork(blue(), { ...needs, addressZones: zones }).network).toEqual({
      kind: "found",
      vpcId: "vpc-1",
      privateSubnetIds: ["subnet-1a", "subnet-1b"],
      publicSubnetIds: ["subnet-2a", "subnet-2b"],
    });
  });

  it.each<[string, Partial<ShapeNetwork>, object, RegExp]>([
    ["no VPC is known", { vpcId: undefined as never }, {}, /nothing shows blue's VPC/],
    ["there are only public subnets", { subnets: subnets(true) }, {}, /private subnets in fewer than two zones/],
    ["there is one zone", { subnets: subnets(false, ["eu-west-1a"]) }, {}, /fewer than two zones/],
    ["subnets have no ids", { subnets: subnets(false).map(({ id: _id, ...rest }) => rest) }, {}, /fewer than two/],
    ["a group's zone has none", {}, { zones: [...zones, "eu-west-1c"] }, /no private subnet in eu-west-1c/],
    ["addresses have none", { subnets: subnets(false) }, { addressZones: zones }, /no public subnet in eu-west-1a/],
  ])("is new where %s, and says why", (_what, change, more, words) => {
    const { network, chosen } = drawNetwork(blue(change), { ...needs, ...more });
    expect(network).toEqual({
      kind: "new",
      cidr: "10.20.0.0/16",
      zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    });
    expect(chosen[0]).toMatch(words);
  });

  it.each([
    [["10.20.0.0/16"], "10.40.0.0/16"],
    [["10.20.128.0/20", "10.32.0.0/11"], "10.80.0.0/16"],
    [["10.0.0.0/8"], "172.28.0.0/16"],
    [["10.21.0.0/16", "192.168.0.0/16"], "10.20.0.0/16"],
  ])("overlaps none of %j: %s", (cidrs, cidr) => {
    expect(drawNetwork({ cidrs, subnets: [] }, needs).network).toMatchObject({ cidr });
  });

  it("has blue's zones, and others up to three, said so", () => {
    const { network, chosen } = drawNetwork({ cidrs: [], subnets: [] }, { ...needs, zones: ["eu-west-1b"] });
    expect(network).toMatchObject({ zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] });
    expect(chosen[1]).toContain("eu-west-1a, eu-west-1c too");
    const far = ["us-east-1d", "us-east-1e", "us-east-1f"];
    expect(
      drawNetwork({ cidrs: [], subnets: [] }, { ...needs, region: "us-east-1", zones: far }).network,
    ).toMatchObject({
      zones: far,
    });
  });
});
