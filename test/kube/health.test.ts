import { describe, expect, it } from "vitest";
import { lookAt } from "../../src/kube/health.js";
import type { KubeObject } from "../../src/model/objects.js";
import { clusterOf } from "../smoke/context.js";

const at = "2026-11-28T22:00:00.000Z";
const now = () => new Date(at);

const node = (name: string, ready?: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name },
  status: { conditions: ready === undefined ? [] : [{ type: "Ready", status: ready }] },
});
const deployment = (namespace: string, name: string, available: number): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace },
  spec: { replicas: 2 },
  status: { availableReplicas: available, updatedReplicas: 2 },
});

const look = (objects: KubeObject[], info = async () => ({ version: "v1.35.4", clusterId: "id" })) =>
  lookAt({ ...clusterOf(() => objects), info }, ["kube-system"], { now });

describe("a look at a cluster", () => {
  it("sees which nodes are Ready, and what the system's workloads lack", async () => {
    const objects = [
      node("a", "True"),
      node("b", "Unknown"),
      node("c"),
      deployment("kube-system", "coredns", 1),
      deployment("kube-system", "dashboard", 2),
      deployment("shop", "web", 0),
    ];
    expect(await look(objects)).toEqual({
      at,
      clusterId: "id",
      nodes: { ready: 1, total: 3, notReady: ["b", "c"] },
      workloads: { total: 2, lacking: ["Deployment.apps kube-system/coredns: 1 of 2 available"] },
    });
  });

  it("says why where nothing can be seen", async () => {
    const down = () => Promise.reject(new Error("connection refused"));
    expect(await look([], down)).toEqual({ at, error: "connection refused" });
  });

  it("ends with Ctrl-C, which is no illness", async () => {
    const signal = AbortSignal.abort(new Error("stopped"));
    const down = () => Promise.reject(new Error("aborted"));
    const looking = lookAt({ ...clusterOf(() => []), info: down }, [], { now, signal });
    await expect(looking).rejects.toThrow("stopped");
  });
});
