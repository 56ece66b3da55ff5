import { describe, expect, it } from "vitest";
import { isQualifiedName } from "../../stacks/settings/kubernetes-names.js";

describe("a label's key", () => {
  it.each([
    ["tier", true],
    ["example.com/tier", true],
    ["node.kubernetes.io/purpose", true],
    ["a".repeat(63), true],
    ["a".repeat(64), false],
    ["", false],
    ["/tier", false],
    ["a/b/c", false],
    ["dedicated=syslog", false],
    ["Example.com/tier", false],
    ["tier-", false],
  ])("%j is one that Kubernetes takes: %s", (key, is) => {
    expect(isQualifiedName(key)).toBe(is);
  });
});
