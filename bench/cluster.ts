import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import { parse } from "yaml";
import type { KubeWriter } from "../src/kube/api.js";
import { connect } from "../src/kube/connect.js";
import { kinds, type Made, namespaces } from "./objects.js";

/** Requests at once, ours and the ceiling's: `replay.concurrency` as it is by default, and the connections of a client. */
export const concurrency = 32;

export interface Cluster {
  kubeconfig: string;
  context: string;
  api: KubeWriter;
  /** Whether a namespace must be gone before the next one is made, which takes 5 s and more: nobody is measured beside it. */
  awaitRemoval: boolean;
}

/** By a kubeconfig's current context. The caller closes `api`. */
export async function openCluster(kubeconfig: string, awaitRemoval: boolean): Promise<Cluster> {
  const { "current-context": context } = parse(await readFile(kubeconfig, "utf8")) as { "current-context": string };
  return { kubeconfig, context, api: await connect({ kubeconfig, context, env: {} }), awaitRemoval };
}

let made = 0;

/** Does `work` in a namespace of its own, and removes it. */
export async function inFreshNamespace<T>(
  { api, awaitRemoval }: Cluster,
  work: (namespace: string) => Promise<T>,
): Promise<T> {
  const name = `bench-${process.pid}-${++made}`;
  await api.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  try {
    return await work(name);
  } finally {
    await api.delete(namespaces, name);
    while (awaitRemoval && (await api.get(namespaces, name))) await sleep(100);
  }
}

/** Creates and nothing else, as many at once as there are connections. */
export async function createAll({ api }: Cluster, objects: readonly Made[]): Promise<void> {
  const limit = pLimit(concurrency);
  await Promise.all(objects.map(({ resource, object }) => limit(() => api.create(resource, object))));
}

/** @throws Error unless a namespace has exactly so many of our objects */
export async function expectObjects({ api }: Cluster, namespace: string, expected: number): Promise<void> {
  let found = 0;
  for (const resource of kinds) {
    for await (const { items } of api.pages(resource, {
      namespace,
      labelSelector: "app.kubernetes.io/part-of=bench",
    })) {
      found += items.length;
    }
  }
  if (found !== expected) throw new Error(`${found} objects arrived in ${namespace}, where ${expected} were sent`);
}
