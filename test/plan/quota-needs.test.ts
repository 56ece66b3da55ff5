import { describe, expect, it } from "vitest";
import { registryOf } from "../../src/plan/images.js";
import { isStandard, type QuotaGroup, quotaNeeds } from "../../src/plan/quota-needs.js";

const group = (change: Partial<QuotaGroup> = {}): QuotaGroup => ({
  instanceTypes: ["m6i.large", "m5.large"],
  capacity: "on-demand",
  max: 6,
  parts: 1,
  ...change,
});
const vcpus = new Map([
  ["m6i.large", 2],
  ["c7g.xlarge", 4],
  ["g5.xlarge", 4],
]);

describe("what green takes of quotas", () => {
  it("is what its groups may grow to, by the first type of each and by how it is bought", () => {
    const groups = [group(), group({ instanceTypes: ["c7g.xlarge"], capacity: "spot", max: 5, parts: 3 })];
    expect(quotaNeeds(groups, vcpus)).toEqual({
      onDemandVcpus: 12,
      spotVcpus: 20,
      nodeGroups: 4,
      biggestGroup: 6,
      unknownTypes: [],
    });
  });

  it("leaves out what another quota counts, and names types that nobody knows", () => {
    const groups = [group({ instanceTypes: ["g5.xlarge"] }), group({ instanceTypes: ["z9.huge"] })];
    expect(quotaNeeds(groups, vcpus)).toMatchObject({ onDemandVcpus: 0, unknownTypes: ["z9.huge"] });
    expect(quotaNeeds([], vcpus).biggestGroup).toBe(0);
  });

  it.each([
    ...[
      "a1.large",
      "c7g.large",
      "d3en.xlarge",
      "i4i.large",
      "im4gn.large",
      "is4gen.large",
      "m6i.large",
      "r5.large",
      "t3.medium",
      "z1d.large",
    ].map((type) => [type, true] as const),
    ...[
      "g5.xlarge",
      "p4d.24xlarge",
      "inf2.xlarge",
      "trn1.2xlarge",
      "hpc6a.48xlarge",
      "mac1.metal",
      "dl1.24xlarge",
      "vt1.3xlarge",
      "x2gd.large",
      "u-6tb1.metal",
    ].map((type) => [type, false] as const),
  ])("%s counts as standard: %s", (type, expected) => {
    expect(isStandard(type)).toBe(expected);
  });
});

describe("registryOf", () => {
  it.each([
    ["nginx", "docker.io"],
    ["library/nginx:1.27", "docker.io"],
    ["registry.k8s.io/pause:3.9", "registry.k8s.io"],
    ["localhost/app", "localhost"],
    ["registry:5000/app@sha256:0", "registry:5000"],
    ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web:1", "123456789012.dkr.ecr.eu-west-1.amazonaws.com"],
  ])("%s comes from %s", (image, host) => {
    expect(registryOf(image)).toBe(host);
  });
});
