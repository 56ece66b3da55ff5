import { setTimeout as sleep } from "node:timers/promises";
import type { KubeObject } from "../../model/objects.js";
import { type Api, orStatus } from "./api.js";
import { kwokAnnotation } from "./kwokctl-config.js";
import { leaseOf, leasesPath, untilTaken } from "./leases.js";

const names = { free: "kwok-order-free", held: "kwok-order-held" } as const;
/** How long kwok may take to play a Pod, in milliseconds; without load it takes half a second. */
const patience = 30_000;
/** What it would play by then, if it played every Pod. */
const settleMs = 500;

/**
 * Whether kwok leaves alone what runs on a node whose lease it doesn't hold, which is how nodes are broken. kwok 0.7 starts its controllers
 * of nodes and of Pods in an order that is left to chance, and where Pods come first it plays all of them (startStageController in its
 * pkg/kwok/controllers/controller.go). Asked by two nodes, each with a Pod, that are gone afterwards.
 */
export async function heedsLeases(api: Api): Promise<boolean> {
  const taint = { key: "sandbox.clustershift.dev/kwok-order", effect: "NoSchedule" };
  const pods = "/api/v1/namespaces/default/pods";
  const phaseOf = async (name: string) =>
    ((await api("GET", `${pods}/${name}`)) as { status?: { phase?: string } }).status?.phase;
  try {
    await api("POST", leasesPath, leaseOf(names.held));
    for (const name of Object.values(names)) {
      const annotations = { [kwokAnnotation.key]: kwokAnnotation.value };
      await api("POST", "/api/v1/nodes", {
        ...{ apiVersion: "v1", kind: "Node", metadata: { name, annotations }, spec: { taints: [taint] } },
      } satisfies KubeObject);
    }
    await untilTaken(api, [names.free]);
    for (const name of Object.values(names)) {
      const containers = [{ name: "none", image: "none" }];
      await api("POST", pods, {
        ...{ apiVersion: "v1", kind: "Pod", metadata: { name } },
        spec: {
          nodeName: name,
          containers,
          tolerations: [{ operator: "Exists" }],
          automountServiceAccountToken: false,
        },
      } satisfies KubeObject);
    }
    await until(async () => (await phaseOf(names.free)) === "Running");
    await sleep(settleMs);
    return (await phaseOf(names.held)) !== "Running";
  } finally {
    for (const name of Object.values(names)) {
      for (const path of [`${pods}/${name}?gracePeriodSeconds=0`, `/api/v1/nodes/${name}`, `${leasesPath}/${name}`])
        await orStatus(404, api("DELETE", path));
    }
  }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + patience;
  while (!(await isSo()) && performance.now() < deadline) await sleep(100);
}
