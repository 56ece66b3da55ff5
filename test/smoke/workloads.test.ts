import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../src/model/objects.js";
import { lackOf, podTrouble, selectorOf } from "../../src/model/workload-status.js";
import { workloads } from "../../src/smoke/workloads.js";
import { virtualClock } from "../aws/clock.js";
import { clusterOf, smokeContext } from "./context.js";

const workload = (kind: string, name: string, spec: object, status: object, generation = 1): KubeObject => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name, namespace: "shop", generation },
  spec: { selector: { matchLabels: { app: name } }, ...spec },
  status: { observedGeneration: generation, ...status },
});
const deployment = (name: string, replicas: number, available: number) =>
  workload("Deployment", name, { replicas }, { availableReplicas: available, updatedReplicas: replicas });
const pod = (app: string, status: object): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: `${app}-1`, namespace: "shop", labels: { app } },
  status,
});

describe("lackOf", () => {
  it.each<[string, KubeObject, string | undefined]>([
    ["an available Deployment", deployment("web", 2, 2), undefined],
    ["one scaled to nothing", deployment("web", 0, 0), undefined],
    ["one that lacks a replica", deployment("web", 2, 1), "1 of 2 available"],
    ["one without replicas in its spec", workload("Deployment", "web", {}, {}), "0 of 1 available"],
    [
      "one whose new pods are still to come",
      workload("Deployment", "web", { replicas: 2 }, { availableReplicas: 2, updatedReplicas: 1 }),
      "1 of 2 updated",
    ],
    [
      "one that no controller has seen",
      workload("Deployment", "web", { replicas: 0 }, { observedGeneration: 1 }, 2),
      "its controller hasn't seen it yet",
    ],
    ["a StatefulSet", workload("StatefulSet", "db", { replicas: 3 }, { availableReplicas: 2 }), "2 of 3 available"],
    [
      "a DaemonSet",
      workload("DaemonSet", "log", {}, { desiredNumberScheduled: 6, numberAvailable: 5 }),
      "5 of 6 available",
    ],
    ["a DaemonSet without nodes", workload("DaemonSet", "log", {}, { desiredNumberScheduled: 0 }), undefined],
  ])("of %s", (_, object, lack) => {
    expect(lackOf(object)).toBe(lack);
  });
});

it("writes a selector as the API's query takes it", () => {
  const selector = {
    matchLabels: { app: "web" },
    matchExpressions: [
      { key: "tier", operator: "In", values: ["a", "b"] },
      { key: "old", operator: "DoesNotExist" },
    ],
  };
  expect(selectorOf(workload("Deployment", "web", { selector }, {}))).toBe("app=web,tier in (a,b),!old");
});

describe("podTrouble", () => {
  it.each<[string, object, string | undefined]>([
    ["ready", { conditions: [{ type: "Ready", status: "True" }] }, undefined],
    [
      "unschedulable",
      {
        phase: "Pending",
        conditions: [
          { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/3 nodes are available" },
        ],
      },
      "Unschedulable: 0/3 nodes are available",
    ],
    [
      "waiting for its image",
      {
        containerStatuses: [
          { name: "web", state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } } },
        ],
      },
      "container web: ImagePullBackOff: no such image",
    ],
    [
      "not ready",
      { conditions: [{ type: "Ready", status: "False", reason: "ContainersNotReady", message: "web" }] },
      "ContainersNotReady: web",
    ],
    ["of no status", {}, "unknown"],
  ])("of a pod that is %s", (_, status, trouble) => {
    expect(podTrouble(pod("web", status))).toBe(trouble);
  });
});

describe("workloads", () => {
  const check = (objects: () => readonly KubeObject[], namespaces?: string[]) => {
    const clock = virtualClock();
    const config = { kind: "workloads" as const, name: "ready", timeout: "1m", ...(namespaces && { namespaces }) };
    return workloads(config, smokeContext({ green: clusterOf(objects), clock }));
  };

  it("passes where all are available", async () => {
    const result = await check(() => [deployment("web", 2, 2), deployment("api", 1, 1)]);
    expect(result).toEqual({ outcome: "passed", detail: "All 2 workloads in all namespaces are available." });
  });

  it("waits for those that are not yet", async () => {
    let looks = 0;
    expect(await check(() => [deployment("web", 2, ++looks > 9 ? 2 : 1)])).toMatchObject({ outcome: "passed" });
  });

  it("names those that never are, and why", async () => {
    const waiting = { containerStatuses: [{ name: "web", state: { waiting: { reason: "CrashLoopBackOff" } } }] };
    const result = await check(() => [deployment("web", 2, 1), deployment("api", 1, 1), pod("web", waiting)]);
    expect(result.outcome).toBe("failed");
    expect(result.detail).toBe(
      "1 of 2 workloads in all namespaces are not available after 1m 00s: Deployment.apps shop/web has 1 of 2 available (container web: CrashLoopBackOff).",
    );
  });

  it("is no evidence where there is nothing to look at", async () => {
    expect(await check(() => [deployment("web", 1, 1)], ["elsewhere"])).toMatchObject({ outcome: "inconclusive" });
  });
});
