import { setTimeout as sleep } from "node:timers/promises";
import type { KubeObject } from "../../src/model/objects.js";
import type { Hand } from "../replay/servers.js";

/** A node of a test's own on which Pods run at once, and nobody else's come to. */
export function fakeNode(name: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, annotations: { "kwok.x-k8s.io/node": "fake" }, labels: { "kubernetes.io/hostname": name } },
    spec: { taints: [{ key: "clustershift.dev/test", value: name, effect: "NoSchedule" }] },
  };
}

export function workload(kind: string, namespace: string, name: string, spec: object, pod: object): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace },
    spec: {
      ...(kind === "StatefulSet" && { serviceName: name, podManagementPolicy: "Parallel" }),
      ...spec,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: 0, containers: [{ name, image: `acme/${name}` }], ...pod },
      },
    },
  };
}

/** Looks until it is so, for a minute at most. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 300; look++) {
    if (await isSo()) return;
    await sleep(200);
  }
  throw new Error(`waited a minute until ${what}`);
}

export async function readyOf(hand: Hand, object: KubeObject): Promise<number> {
  const live = await hand.read(object);
  return (live?.status as { readyReplicas?: number } | undefined)?.readyReplicas ?? 0;
}
