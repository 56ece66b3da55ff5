import { describe, expect, it } from "vitest";
import { architectureOf, isTooSmall } from "../../stacks/settings/instance-types.js";

describe("an instance type's name", () => {
  it.each([
    "a1.large",
    "t4g.medium",
    "m6gd.xlarge",
    "c7gn.large",
    "x2gd.large",
    "im4gn.large",
    "is4gen.large",
    "g5g.xlarge",
  ])("says that %s is Graviton", (type) => expect(architectureOf(type)).toBe("arm64"));

  it.each([
    "m5.large",
    "g4dn.xlarge",
    "g6.xlarge",
    "p4de.24xlarge",
    "i3en.large",
    "u-6tb1.metal",
    "mac1.metal",
    "x2iedn.large",
  ])("says that %s is not", (type) => expect(architectureOf(type)).toBe("x86_64"));

  it.each([
    ["t3.nano", true],
    ["t4g.micro", true],
    ["t3.small", false],
  ])("says whether %s has no room for pods: %s", (type, is) => {
    expect(isTooSmall(type)).toBe(is);
  });
});
