import { describe, expect, it } from "vitest";
import type { ClusterCheck, Expected } from "../../../src/validate/check.js";
import { unless } from "../../../src/validate/check.js";
import { controllers, dns, version } from "../../../src/validate/checks/api.js";
import { nodesAtEase, nodesInPlace } from "../../../src/validate/checks/nodes.js";
import { systemPods, systemWorkloads } from "../../../src/validate/checks/system.js";
import type { Snapshot } from "../../../src/validate/snapshot.js";
import { daemonSet, dnsSlice, expected, lease, node, now, pod, sound } from "../samples.js";

const all = [version, nodesInPlace, nodesAtEase, controllers, systemWorkloads, systemPods, dns];
const minuteAgo = new Date(now - 61_000).toISOString();
const pressure = (type: string) => node("n3", { conditions: [{ type, status: "True" }] });

describe("the checks of a look", () => {
  it.each(all)("$name passes where green stands", ({ check }) => {
    expect(check(sound, expected)).toMatchObject({ outcome: "passed", detail: expect.stringMatching(/\w/) });
  });

  it.each<[string, ClusterCheck, Partial<Snapshot>, string, Partial<Expected>?]>([
    ["another version", version, { version: "v1.34.1" }, "the API server is v1.34.1, not 1.35"],
    ["no version", version, { version: "?" }, "the API server is ?, not 1.35"],
    ["a zone without a node", nodesInPlace, { nodes: [node("n1")] }, "no node of nodes is Ready in b"],
    [
      "a node that isn't Ready, though its zone has another",
      nodesInPlace,
      { nodes: [...sound.nodes, node("n3", { ready: false })] },
      "node n3 is not Ready",
    ],
    [
      "a group that isn't there",
      nodesInPlace,
      {},
      "no node of syslog is Ready in a",
      { groups: [{ name: "syslog", zones: ["a"] }] },
    ],
    ["memory", nodesAtEase, { nodes: [pressure("MemoryPressure")] }, "node n3 is short of memory"],
    ["disk", nodesAtEase, { nodes: [pressure("DiskPressure")] }, "node n3 is short of disk"],
    ["processes", nodesAtEase, { nodes: [pressure("PIDPressure")] }, "node n3 is short of process ids"],
    ["network", nodesAtEase, { nodes: [pressure("NetworkUnavailable")] }, "node n3 has no network"],
    ["a cordon", nodesAtEase, { nodes: [node("n3", { spec: { unschedulable: true } })] }, "node n3 is cordoned"],
    [
      "a node that its cloud hasn't seen to",
      nodesAtEase,
      { nodes: [node("n3", { spec: { taints: [{ key: "node.cloudprovider.kubernetes.io/uninitialized" }] } })] },
      "node n3 is still tainted node.cloudprovider.kubernetes.io/uninitialized",
    ],
    [
      "a silent scheduler",
      controllers,
      { leases: [lease("kube-scheduler", minuteAgo)] },
      "kube-scheduler hasn't renewed its lease for a minute",
    ],
    [
      "a lease without a time",
      controllers,
      { leases: [lease("kube-controller-manager", "soon")] },
      "kube-controller-manager hasn't renewed its lease for a minute",
    ],
    [
      "a DaemonSet that isn't on each node",
      systemWorkloads,
      { daemonSets: [daemonSet("aws-node", 2, 1)] },
      "daemonset kube-system/aws-node: 1 of 2 available",
    ],
    [
      "a Deployment that lacks pods",
      systemWorkloads,
      { deployments: sound.deployments.map((each) => ({ ...each, status: { availableReplicas: 1 } })) },
      "deployment kube-system/coredns: 1 of 2 available",
    ],
    [
      "a system pod",
      systemPods,
      { pods: [pod("kube-proxy-x", { ready: false })] },
      "pod kube-system/kube-proxy-x: NotYet",
    ],
    [
      "a critical pod elsewhere",
      systemPods,
      {
        pods: [
          pod("cni-1", { namespace: "calico", ready: false, spec: { priorityClassName: "system-node-critical" } }),
        ],
      },
      "pod calico/cni-1: NotYet",
    ],
    ["no DNS", dns, { endpointSlices: [dnsSlice(false)] }, "the kube-dns service has no ready endpoint"],
  ])("%s fails", (_case, { check }, change, detail, wanted = {}) => {
    expect(check({ ...sound, ...change }, { ...expected, ...wanted })).toEqual({ outcome: "failed", detail });
  });

  it.each<[string, ClusterCheck, Partial<Snapshot>]>([
    ["leases that a managed control plane doesn't show", controllers, { leases: [] }],
    ["a pod that has done its work", systemPods, { pods: [pod("job", { status: { phase: "Succeeded" } })] }],
    [
      "a pod that is going",
      systemPods,
      {
        pods: [
          pod("old", { ready: false, metadata: { name: "old", namespace: "kube-system", deletionTimestamp: "now" } }),
        ],
      },
    ],
    ["a node's own taint", nodesAtEase, { nodes: [node("n", { spec: { taints: [{ key: "dedicated" }] } })] }],
  ])("%s is no failure", (_case, { check }, change) => {
    expect(check({ ...sound, ...change }, expected).outcome).toBe("passed");
  });

  it("tell the first problems, and count the rest", () => {
    expect(unless(["a", "b", "c", "d", "e", "f", "g"], "").detail).toBe("a; b; c; d; e; and 2 more");
  });
});
