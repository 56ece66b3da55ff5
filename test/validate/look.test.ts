import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../src/model/objects.js";
import { lookAtGreen, type OutsideCheck } from "../../src/validate/look.js";
import { expected, now, sound } from "./samples.js";

const served: [string, string, string, KubeObject[]][] = [
  ["", "Node", "nodes", sound.nodes.map(({ node }) => node)],
  ["", "Pod", "pods", sound.pods],
  ["apps", "DaemonSet", "daemonsets", sound.daemonSets],
  ["apps", "Deployment", "deployments", sound.deployments],
  ["coordination.k8s.io", "Lease", "leases", sound.leases],
  ["discovery.k8s.io", "EndpointSlice", "endpointslices", sound.endpointSlices],
];

function green(without?: string) {
  const resources = served
    .filter(([, kind]) => kind !== without)
    .map(([group, kind, resource]) => ({
      group,
      version: "v1",
      kind,
      resource,
      namespaced: true,
      verbs: [],
      subresources: [],
    }));
  return {
    info: async () => ({ version: sound.version, clusterId: "green" }),
    discover: async () => ({ resources, broken: [] }),
    async *pages({ kind }: { kind: string }) {
      yield { items: served.find(([, each]) => each === kind)?.[3] ?? [], resourceVersion: "1" };
    },
  };
}
const placeOf = ({ metadata: { labels = {} } }: KubeObject) => ({
  group: labels["clustershift.io/group"] ?? "",
  zone: labels["topology.kubernetes.io/zone"] ?? "",
});
const look = (cluster = green(), outside: OutsideCheck[] = []) =>
  lookAtGreen(expected, { green: cluster, now: () => now, placeOf, outside });

describe("a look at green", () => {
  it("makes every check, and asks who is outside", async () => {
    const outside: OutsideCheck[] = [
      { name: "add-ons", kind: "eks", ask: async () => ({ outcome: "passed", detail: "all ACTIVE" }) },
      { name: "addresses", kind: "ec2", ask: () => Promise.reject(new Error("AccessDenied")) },
    ];
    const checks = await look(green(), outside);
    expect(checks.map(({ name, outcome }) => `${outcome} ${name}`)).toEqual([
      "passed version",
      "passed nodes of each group in each zone",
      "passed nodes without pressure",
      "passed controllers",
      "passed system workloads",
      "passed system pods",
      "passed DNS",
      "passed add-ons",
      "inconclusive addresses",
    ]);
    expect(checks.at(-1)?.detail).toBe("It could not be asked: AccessDenied");
  });

  it("has failed where the API doesn't answer, or serves less than it must", async () => {
    expect(await look({ ...green(), info: () => Promise.reject(new Error("connection refused")) })).toEqual([
      { name: "API", kind: "cluster", outcome: "failed", detail: "connection refused", ms: 0 },
    ]);
    expect(await look(green("Lease"))).toMatchObject([
      { name: "API", outcome: "failed", detail: "green doesn't serve Lease of coordination.k8s.io" },
    ]);
  });

  it("ends with the signal's reason, and says nothing of green then", async () => {
    const signal = AbortSignal.abort(new Error("Ctrl-C"));
    await expect(
      lookAtGreen(expected, { green: green(), now: () => now, placeOf, outside: [], signal }),
    ).rejects.toThrow("Ctrl-C");
  });
});
