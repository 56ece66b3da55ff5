import { describe, expect, it } from "vitest";
import { hops, hopsBetween } from "../../migrations/hops.js";
import { parseKubeVersion } from "../../src/model/kube-version.js";

function idsBetween(from: string, to: string): string[] {
  const [a, b] = [parseKubeVersion(from), parseKubeVersion(to)];
  if (!a || !b) throw new Error("no version");
  return hopsBetween(hops, a, b).map(({ id }) => id);
}

describe("the table of hops", () => {
  it("has unique kebab-case ids, readable versions and a public source each", () => {
    expect(new Set(hops.map(({ id }) => id)).size).toBe(hops.length);
    for (const hop of hops) {
      expect(hop.id).toMatch(/^[a-z0-9]+([-.][a-z0-9]+)*$/);
      if (hop.at !== null) expect(parseKubeVersion(hop.at)).toBeDefined();
      expect(hop.source).toMatch(/^https:\/\//);
    }
  });
});

describe("hopsBetween", () => {
  it("1.24 to 1.35 is what lies behind 1.24, up to and with 1.35", () => {
    expect(idsBetween("1.24.17", "1.35")).toEqual([
      "pod-security-policy",
      "removals-1.25",
      "in-tree-ebs",
      "cron-job-time-zone-in-schedule",
      "removals-1.29-flow-control",
      "eks-al2023-default",
      "eks-no-al2",
      "cgroup-v1",
      "ingress-nginx-retired",
    ]);
  });

  it.each([
    ["1.11", "1.12", "kops-etcd3-calico", true],
    ["1.12", "1.13", "kops-etcd3-calico", false],
    ["1.23.17", "1.24.0", "dockershim", true],
    ["1.23", "1.24", "service-account-token-secrets", true],
    ["1.24", "1.24", "dockershim", false],
    ["1.35", "1.24", "cgroup-v1", false],
    ["1.35", "1.36", "service-external-ips", true],
    ["1.24", "1.24", "ingress-nginx-retired", true],
  ])("%s to %s: %s is %s", (from, to, id, crossed) => {
    expect(idsBetween(from, to).includes(id)).toBe(crossed);
  });

  it("marks what only one distribution has", () => {
    const only = hops.filter(({ appliesTo }) => appliesTo !== "any").map(({ id, appliesTo }) => [id, appliesTo]);
    expect(only).toEqual([
      ["kops-etcd3-calico", "kops"],
      ["eks-al2023-default", "eks"],
      ["eks-no-al2", "eks"],
    ]);
  });
});
