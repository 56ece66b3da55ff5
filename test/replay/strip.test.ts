import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../src/model/objects.js";
import { strip, stripRules } from "../../src/replay/strip.js";
import { clusters, object } from "./objects.js";

const mount = (name: string) => ({ name, mountPath: `/${name}` });
/** A person wrote it, though its prefix is the Deployment controller's. */
const changeCause = { "deployment.kubernetes.io/change-cause": "CHG-7: larger pool" };

const cases: [string, KubeObject, KubeObject][] = [
  [
    "server-metadata",
    object(
      "v1 ConfigMap a/b",
      { data: { k: "v" } },
      {
        uid: "u",
        resourceVersion: "1",
        generation: 2,
        creationTimestamp: "t",
        selfLink: "/x",
        managedFields: [],
        labels: { l: "1" },
        finalizers: ["acme.example/keep"],
        generateName: "b-",
      },
    ),
    object(
      "v1 ConfigMap a/b",
      { data: { k: "v" } },
      { labels: { l: "1" }, finalizers: ["acme.example/keep"], generateName: "b-" },
    ),
  ],
  [
    "status",
    object("acme.example/v1 Widget a/b", { spec: { a: null }, status: { ready: true } }),
    object("acme.example/v1 Widget a/b", { spec: { a: null } }),
  ],
  [
    "template-timestamps",
    object("apps/v1 Deployment a/b", { spec: { template: { metadata: { creationTimestamp: null, labels: {} } } } }),
    object("apps/v1 Deployment a/b", { spec: { template: { metadata: { labels: {} } } } }),
  ],
  [
    "template-timestamps",
    object("acme.example/v1 Widget a/b", { spec: { metadata: { creationTimestamp: null } } }),
    object("acme.example/v1 Widget a/b", { spec: { metadata: { creationTimestamp: null } } }),
  ],
  [
    "cluster-ip",
    object("v1 Service a/b", {
      spec: {
        clusterIP: "10.0.0.1",
        clusterIPs: ["10.0.0.1"],
        ports: [{ nodePort: 30000 }],
        healthCheckNodePort: 30001,
      },
    }),
    object("v1 Service a/b", { spec: { ports: [{ nodePort: 30000 }], healthCheckNodePort: 30001 } }),
  ],
  [
    "cluster-ip",
    object("v1 Service a/b", { spec: { clusterIP: "None", clusterIPs: ["None"] } }),
    object("v1 Service a/b", { spec: { clusterIP: "None", clusterIPs: ["None"] } }),
  ],
  [
    "load-balancer-finalizer",
    object("v1 Service a/b", { spec: {} }, { finalizers: ["service.kubernetes.io/load-balancer-cleanup"] }),
    object("v1 Service a/b", { spec: {} }),
  ],
  [
    "pod-topology-labels",
    object(
      "v1 Pod a/b",
      { spec: { nodeName: "n" } },
      {
        labels: { app: "b", "topology.kubernetes.io/zone": "a", "topology.kubernetes.io/region": "r" },
        managedFields: [{ fieldsV1: { "f:metadata": { "f:labels": { "f:topology.kubernetes.io/region": {} } } } }],
      },
    ),
    object("v1 Pod a/b", { spec: {} }, { labels: { app: "b", "topology.kubernetes.io/region": "r" } }),
  ],
  [
    "pod-placement",
    object(
      "v1 Pod a/b",
      { spec: { nodeName: "n", priority: 0, priorityClassName: "p" } },
      { annotations: { "kubernetes.io/psp": "x", mine: "y" } },
    ),
    object("v1 Pod a/b", { spec: { priorityClassName: "p" } }, { annotations: { mine: "y" } }),
  ],
  [
    "pod-token",
    object("v1 Pod a/b", {
      spec: {
        serviceAccountName: "ci",
        volumes: [{ name: "kube-api-access-abcde" }, { name: "ci-token-x7k2p" }, { name: "data" }],
        containers: [
          { name: "c", volumeMounts: [mount("kube-api-access-abcde"), mount("data")] },
          { name: "d", volumeMounts: [mount("ci-token-x7k2p")] },
        ],
      },
    }),
    object("v1 Pod a/b", {
      spec: {
        serviceAccountName: "ci",
        volumes: [{ name: "data" }],
        containers: [{ name: "c", volumeMounts: [mount("data")] }, { name: "d" }],
      },
    }),
  ],
  [
    "claim-binding",
    object(
      "v1 PersistentVolumeClaim a/b",
      { spec: { volumeName: "pvc-1", storageClassName: "gp2" } },
      {
        annotations: {
          "pv.kubernetes.io/bind-completed": "yes",
          "volume.beta.kubernetes.io/storage-provisioner": "x",
          "volume.kubernetes.io/selected-node": "n",
          "acme.example/backup": "daily",
        },
      },
    ),
    object(
      "v1 PersistentVolumeClaim a/b",
      { spec: { storageClassName: "gp2" } },
      { annotations: { "acme.example/backup": "daily" } },
    ),
  ],
  [
    "volume-binding",
    object(
      "v1 PersistentVolume v",
      { spec: { nfs: {}, claimRef: { name: "c", namespace: "n", uid: "u", resourceVersion: "1" } } },
      { annotations: { "pv.kubernetes.io/bound-by-controller": "yes" } },
    ),
    object("v1 PersistentVolume v", { spec: { nfs: {}, claimRef: { name: "c", namespace: "n" } } }),
  ],
  [
    "job-selector",
    object(
      "batch/v1 Job a/b",
      {
        spec: {
          selector: { matchLabels: { "controller-uid": "u" } },
          template: { metadata: { labels: { "controller-uid": "u", "job-name": "b", mine: "1" } } },
        },
      },
      { labels: { "controller-uid": "u", mine: "1" } },
    ),
    object(
      "batch/v1 Job a/b",
      { spec: { template: { metadata: { labels: { mine: "1" } } } } },
      { labels: { mine: "1" } },
    ),
  ],
  [
    "job-selector",
    object("batch/v1 Job a/b", { spec: { manualSelector: true, selector: { matchLabels: { own: "1" } } } }),
    object("batch/v1 Job a/b", { spec: { manualSelector: true, selector: { matchLabels: { own: "1" } } } }),
  ],
  [
    "revision",
    object("apps/v1 Deployment a/b", {}, { annotations: { "deployment.kubernetes.io/revision": "7", ...changeCause } }),
    object("apps/v1 Deployment a/b", {}, { annotations: changeCause }),
  ],
  [
    "account-tokens",
    object("v1 ServiceAccount a/ci", { secrets: [{ name: "ci-token-x7k2p" }, { name: "vault-key" }] }),
    object("v1 ServiceAccount a/ci", { secrets: [{ name: "vault-key" }] }),
  ],
  [
    "token-data",
    object(
      "v1 Secret a/t",
      { type: "kubernetes.io/service-account-token", data: { token: "x", "ca.crt": "y", namespace: "z" } },
      { annotations: { "kubernetes.io/service-account.name": "ci", "kubernetes.io/service-account.uid": "u" } },
    ),
    object(
      "v1 Secret a/t",
      { type: "kubernetes.io/service-account-token" },
      { annotations: { "kubernetes.io/service-account.name": "ci" } },
    ),
  ],
  [
    "namespace-finalizers",
    object("v1 Namespace a", { spec: { finalizers: ["kubernetes"] } }),
    object("v1 Namespace a"),
  ],
  [
    "autoscaler-status",
    object(
      "autoscaling/v1 HorizontalPodAutoscaler a/b",
      {},
      {
        annotations: {
          "autoscaling.alpha.kubernetes.io/conditions": "[]",
          "autoscaling.alpha.kubernetes.io/current-metrics": "[]",
          "autoscaling.alpha.kubernetes.io/metrics": "[1]",
          "autoscaling.alpha.kubernetes.io/behavior": "{}",
        },
      },
    ),
    object(
      "autoscaling/v1 HorizontalPodAutoscaler a/b",
      {},
      {
        annotations: {
          "autoscaling.alpha.kubernetes.io/metrics": "[1]",
          "autoscaling.alpha.kubernetes.io/behavior": "{}",
        },
      },
    ),
  ],
  [
    "aggregated-rules",
    object("rbac.authorization.k8s.io/v1 ClusterRole a", { aggregationRule: {}, rules: [{ verbs: ["get"] }] }),
    object("rbac.authorization.k8s.io/v1 ClusterRole a", { aggregationRule: {} }),
  ],
];

describe("strip", () => {
  it.each(cases)("%s", (_, before, after) => {
    const copy = structuredClone(before);
    expect(strip(before)).toEqual(after);
    expect(before, "its argument").toEqual(copy);
  });

  it("shows each of its rules", () => {
    const shown = new Set(cases.map(([id]) => id));
    expect(stripRules.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
  });

  it("once is enough", () => {
    for (const [, before] of cases) expect(strip(strip(before))).toEqual(strip(before));
    fc.assert(
      fc.property(clusters, (objects) => {
        for (const it of objects) expect(strip(strip(it))).toEqual(strip(it));
      }),
    );
  });

  it("leaves what a workload is made of alone", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        const it = object("acme.example/v1 Widget a/b", { spec: data, data });
        expect(strip(it)).toEqual(it);
      }),
    );
  });
});
