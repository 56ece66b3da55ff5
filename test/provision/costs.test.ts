import { describe, expect, it } from "vitest";
import { costChanges, describeCost } from "../../src/provision/costs.js";
import { change, cluster, nodeGroup, template } from "./samples.js";

const group = (maxSize: number, capacityType = "ON_DEMAND") => ({
  scalingConfig: { minSize: 3, maxSize, desiredSize: 3 },
  instanceTypes: ["m6i.large", "m5.large"],
  capacityType,
});
const costs = (...changes: Parameters<typeof costChanges>[0]) => costChanges(changes).map(describeCost);

describe("what is paid for", () => {
  it.each([
    ["a control plane", change(cluster, { version: "1.35" }), "new          EKS control plane green: Kubernetes 1.35"],
    [
      "a node group",
      change(nodeGroup, group(9)),
      "new          node group green: 3 to 9 nodes, m6i.large or m5.large, on-demand",
    ],
    [
      "each node's volumes",
      change(template, { blockDeviceMappings: [{ ebs: { volumeSize: 50, volumeType: "gp3" } }] }),
      "new          volumes of each node green: 50 GiB gp3",
    ],
    ["a NAT gateway", change("aws:ec2/natGateway:NatGateway", {}), "new          NAT gateway green"],
    ["an address", change("aws:ec2/eip:Eip", {}), "new          Elastic IP green"],
    [
      "a load balancer",
      change("aws:lb/loadBalancer:LoadBalancer", { loadBalancerType: "network", internal: true }),
      "new          load balancer green: network, internal",
    ],
    [
      "a volume that goes",
      change("aws:ebs/volume:Volume", undefined, { kind: "delete", before: { size: 20, type: "gp3" } }),
      "gone         volume green: 20 GiB gp3",
    ],
    [
      "a bigger group",
      change(nodeGroup, group(12), { kind: "update", before: group(9) }),
      "more or less node group green: 3 to 9 nodes, m6i.large or m5.large, on-demand -> 3 to 12 nodes, m6i.large or m5.large, on-demand",
    ],
    [
      "a control plane made anew",
      change(cluster, { version: "1.35" }, { kind: "replace", before: { version: "1.35" } }),
      "made anew    EKS control plane green: Kubernetes 1.35",
    ],
    [
      "a Service that brings a load balancer",
      change("kubernetes:core/v1:Service", { spec: { type: "LoadBalancer" } }),
      "new          load balancer, by a Service green",
    ],
  ])("names %s", (_case, each, line) => {
    expect(costs(each)).toEqual([line]);
  });

  it.each([
    ["what stays", change(cluster, { version: "1.35" }, { kind: "same", before: { version: "1.35" } })],
    ["an update that no bill shows", change(nodeGroup, group(9), { kind: "update", before: group(9) })],
    ["a role", change("aws:iam/role:Role", {})],
    ["a gateway endpoint", change("aws:ec2/vpcEndpoint:VpcEndpoint", { vpcEndpointType: "Gateway" })],
    ["a Service within the cluster", change("kubernetes:core/v1:Service", { spec: { type: "ClusterIP" } })],
  ])("leaves out %s", (_case, each) => {
    expect(costs(each)).toEqual([]);
  });

  it("tells a Service that gets a load balancer, and one that loses it", () => {
    const service = (type: string) => ({ spec: { type } });
    const of = (before: string, after: string) =>
      costs(change("kubernetes:core/v1:Service", service(after), { kind: "update", before: service(before) }));
    expect(of("ClusterIP", "LoadBalancer")).toEqual([expect.stringMatching(/^new /)]);
    expect(of("LoadBalancer", "ClusterIP")).toEqual([expect.stringMatching(/^gone /)]);
  });
});
