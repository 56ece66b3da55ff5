import { setTimeout as sleep } from "node:timers/promises";
import { apiOf } from "./cluster/api.js";
import { ruinControlPlane, stopComponents } from "./cluster/control-plane.js";
import { loseNetwork, reachablePods } from "./cluster/node-life.js";
import { requireCluster } from "./clusters.js";
import { SandboxFolder } from "./sandbox-folder.js";
import { waitUntil } from "./wait.js";

/** Until controllers' latest word has come to the edge. */
const settleMs = 1_500;

/**
 * Breaks a cluster for good, as the incident's was. Its pod network goes first: kubelets can't reach their Pods any more and say so, and
 * the cluster's own controllers take them out of every Service. Then API server and etcd end, and etcd's data can't be read again.
 * Resolves to how many Pods could be reached before.
 */
export async function breakCluster({
  sandbox,
  name,
  env,
  signal,
}: {
  sandbox: string;
  name: string;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}): Promise<number> {
  const folder = new SandboxFolder(env, sandbox);
  const cluster = await requireCluster(folder, sandbox, name);
  const dir = folder.controlPlane(name);
  // Who plays the kubelets would have every Pod ready again.
  await stopComponents(dir, ["kwok-controller"]);
  const { api, close } = apiOf(cluster.adminKubeconfig);
  try {
    const pods = await loseNetwork(api);
    await waitUntil(`${name}'s Pods to be out of its Services`, 60_000, signal, async () => {
      const left = await reachablePods(api);
      return left === 0 ? true : `${left} can be reached`;
    });
    await sleep(settleMs, undefined, signal ? { signal } : {});
    return pods;
  } finally {
    await close();
    await ruinControlPlane(dir, name);
  }
}
