import { describe, expect, it } from "vitest";
import { carriedLabels } from "../../src/mirror/labels.js";

describe("labels of blue's nodes on green's", () => {
  it.each([
    ["tier", "tier"],
    ["acme.example/tier", "acme.example/tier"],
    ["node.kubernetes.io/purpose", "node.kubernetes.io/purpose"],
    ["acme.node.kubernetes.io/purpose", "acme.node.kubernetes.io/purpose"],
    ["kubelet.kubernetes.io/x", "kubelet.kubernetes.io/x"],
    ["node-role.kubernetes.io/app", "node-role.clustershift.io/app"],
    ["kubernetes.io/role", "clustershift.io/role"],
    ["kops.k8s.io/lifecycle", "kops.clustershift.io/lifecycle"],
    ["mykubernetes.io/x", "mykubernetes.io/x"],
  ])("%s is %s", (blue, green) => {
    expect(carriedLabels({ [blue]: "v" })).toEqual({
      labels: { [green]: "v" },
      renamed: blue === green ? {} : { [blue]: green },
    });
  });

  it("leaves out what names the group, which green's nodes have by themselves", () => {
    expect(carriedLabels({ "kops.k8s.io/instancegroup": "nodes", "clustershift.io/group": "nodes" })).toEqual({
      labels: {},
      renamed: { "kops.k8s.io/instancegroup": "clustershift.io/group" },
    });
  });

  it("leaves out what EKS and autoscalers set", () => {
    const labels = {
      "eks.amazonaws.com/capacityType": "SPOT",
      "k8s.io/cloud-provider-aws": "x",
      "karpenter.sh/nodepool": "y",
    };
    expect(carriedLabels(labels)).toEqual({ labels: {}, renamed: {} });
  });
});
