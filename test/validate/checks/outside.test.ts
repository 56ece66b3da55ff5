import { describe, expect, it } from "vitest";
import { addOnsActive } from "../../../src/validate/checks/add-ons.js";
import { freeAddresses } from "../../../src/validate/checks/addresses.js";

const addOn = (status: string, issues: string[] = []) => ({
  name: "coredns",
  version: "v1.12.1-eksbuild.2",
  status,
  issues,
});

describe("managed add-ons", () => {
  it("pass where all are ACTIVE", () => {
    expect(addOnsActive([addOn("ACTIVE")])).toEqual({ outcome: "passed", detail: "1 add-ons are ACTIVE" });
  });

  it.each([
    [
      addOn("DEGRADED", ["InsufficientNumberOfReplicas none is ready"]),
      "coredns v1.12.1-eksbuild.2 is DEGRADED: InsufficientNumberOfReplicas none is ready",
    ],
    [addOn("CREATING"), "coredns v1.12.1-eksbuild.2 is CREATING"],
  ])("fail in EKS's own words", (each, detail) => {
    expect(addOnsActive([addOn("ACTIVE"), each])).toEqual({ outcome: "failed", detail });
  });
});

describe("free addresses", () => {
  const subnets = (a: number, b: number) => [
    { id: "s1", zone: "a", free: a },
    { id: "s2", zone: "b", free: b - 10 },
    { id: "s3", zone: "b", free: 10 },
  ];

  it.each([
    [
      "there are enough in each zone",
      subnets(58, 58),
      100,
      "passed",
      "116 addresses are free in 2 zones, for 100 pods that are still to come",
    ],
    [
      "one zone has one too few",
      subnets(57, 58),
      100,
      "failed",
      "a has 57 free addresses, and needs 50 for pods and 8 for load balancers",
    ],
    [
      "nothing is to come, but load balancers",
      subnets(8, 20),
      0,
      "passed",
      "28 addresses are free in 2 zones, for 0 pods that are still to come",
    ],
  ])("where %s", (_case, each, needed, outcome, detail) => {
    expect(freeAddresses(each, needed)).toEqual({ outcome, detail });
  });
});
