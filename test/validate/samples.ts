import type { KubeObject } from "../../src/model/objects.js";
import type { Expected } from "../../src/validate/check.js";
import type { PlacedNode, Snapshot } from "../../src/validate/snapshot.js";

export const now = 1_000_000_000_000;

export function node(
  name: string,
  {
    group = "nodes",
    zone = "a",
    ready = true,
    conditions = [],
    spec = {},
    annotations = {},
  }: {
    group?: string;
    zone?: string;
    ready?: boolean;
    conditions?: { type: string; status: string }[];
    spec?: object;
    annotations?: Record<string, string>;
  } = {},
): PlacedNode {
  const labels = { "topology.kubernetes.io/zone": zone, "clustershift.io/group": group };
  return {
    group,
    zone,
    node: {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, labels, annotations },
      spec,
      status: { conditions: [{ type: "Ready", status: ready ? "True" : "False" }, ...conditions] },
    },
  };
}

export function pod(
  name: string,
  {
    namespace = "kube-system",
    ready = true,
    ...rest
  }: { namespace?: string; ready?: boolean } & Record<string, unknown> = {},
): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    status: { phase: "Running", conditions: [{ type: "Ready", status: ready ? "True" : "False", reason: "NotYet" }] },
    ...rest,
  };
}

export const daemonSet = (name: string, desired: number, available: number): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name, namespace: "kube-system" },
  status: { desiredNumberScheduled: desired, numberAvailable: available },
});

export const lease = (name: string, renewTime: string): KubeObject => ({
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name, namespace: "kube-system" },
  spec: { renewTime },
});

export const dnsSlice = (...ready: (boolean | undefined)[]): KubeObject => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { name: "kube-dns-1", namespace: "kube-system", labels: { "kubernetes.io/service-name": "kube-dns" } },
  endpoints: ready.map((each) => ({ conditions: each === undefined ? {} : { ready: each } })),
});

export const expected: Expected = { version: "1.35", groups: [{ name: "nodes", zones: ["a", "b"] }] };

/** A green that stands. */
export const sound: Snapshot = {
  version: "v1.35.4",
  at: now,
  nodes: [node("n1"), node("n2", { zone: "b" })],
  pods: [pod("coredns-1"), pod("shop-1", { namespace: "shop", ready: false })],
  daemonSets: [daemonSet("kube-proxy", 2, 2)],
  deployments: [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "coredns", namespace: "kube-system" },
      spec: { replicas: 2 },
      status: { availableReplicas: 2, updatedReplicas: 2 },
    },
  ],
  leases: [lease("kube-scheduler", new Date(now - 5_000).toISOString())],
  endpointSlices: [dnsSlice(true, undefined)],
};
