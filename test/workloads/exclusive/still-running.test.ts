import { expect, it } from "vitest";
import type { KubeObject } from "../../../src/model/objects.js";
import { type Running, stillRunning } from "../../../src/workloads/exclusive/still-running.js";

const object = (apiVersion: string, kind: string, name: string, owner?: string, parts: object = {}): KubeObject => ({
  apiVersion,
  kind,
  metadata: {
    name,
    namespace: "shop",
    uid: name,
    generation: 2,
    ...(owner && { ownerReferences: [{ apiVersion: "x/v1", kind: "x", name: owner, uid: owner, controller: true }] }),
  },
  status: { observedGeneration: 2, replicas: 0 },
  ...parts,
});
const web = object("apps/v1", "Deployment", "web");
const set = object("apps/v1", "ReplicaSet", "web-1", "web");
const nightly = object("batch/v1", "CronJob", "nightly");
const job = (parts: object = {}) => object("batch/v1", "Job", "nightly-1", "nightly", parts);
const pod = (name: string, owner: string, phase = "Running") => object("v1", "Pod", name, owner, { status: { phase } });
const over = { status: { conditions: [{ type: "Failed", status: "True" }] } };

it.each<[string, Partial<Running>, string | undefined]>([
  ["nothing is left", { workloads: [web, nightly], replicaSets: [set] }, undefined],
  ["others' Pods run", { workloads: [web], replicaSets: [set], pods: [pod("p", "api-1")] }, undefined],
  ["its Pods are over", { workloads: [web], replicaSets: [set], pods: [pod("p", "web-1", "Failed")] }, undefined],
  [
    "its Job is over",
    { workloads: [nightly], jobs: [job(over)], pods: [pod("p", "nightly-1", "Succeeded")] },
    undefined,
  ],
  ["a Pod of its ReplicaSet", { workloads: [web], replicaSets: [set], pods: [pod("p", "web-1")] }, "still runs: Pod p"],
  ["a Pod of its own", { workloads: [web], pods: [pod("p", "web")] }, "still runs: Pod p"],
  ["a Job without a Pod yet", { workloads: [nightly], jobs: [job()] }, "still runs: Job nightly-1"],
  [
    "a Pod of a Job that is over",
    { workloads: [nightly], jobs: [job(over)], pods: [pod("p", "nightly-1")] },
    "still runs: Pod p",
  ],
  [
    "many",
    { workloads: [web], pods: ["a", "b", "c", "d", "e"].map((name) => pod(name, "web")) },
    "still runs: Pod a, Pod b, Pod c and 2 more",
  ],
  [
    "a controller that hasn't looked",
    { workloads: [{ ...web, status: { observedGeneration: 1 } }] },
    "its controller hasn't seen yet that it is stopped",
  ],
  [
    "a ReplicaSet that isn't at 0",
    { workloads: [web], replicaSets: [{ ...set, status: { observedGeneration: 2, replicas: 1 } }] },
    "its controller hasn't seen yet that it is stopped",
  ],
])("%s", (_, parts, why) => {
  const found = stillRunning({ workloads: [], replicaSets: [], jobs: [], pods: [], ...parts });
  expect([...found.values()]).toEqual(why === undefined ? [] : [why]);
});
