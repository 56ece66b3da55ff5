import { describe, expect, it } from "vitest";
import { isQualifiedName, refusedByKubelet } from "../../stacks/settings/kubernetes-names.js";

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

  it.each([
    ["tier", false],
    ["kops.k8s.io/instancegroup", true],
    ["node-role.kubernetes.io/worker", true],
    ["node.kubernetes.io/purpose", false],
    ["kubelet.kubernetes.io/a", false],
    ["notkubernetes.io/a", false],
  ])("%j is refused by a kubelet: %s", (key, is) => {
    expect(refusedByKubelet(key)).toBe(is);
  });
});
