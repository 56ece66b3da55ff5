import type { KubeObject } from "../../model/objects.js";
import { configMaps, isRefusal, pods, waitFor } from "../edges.js";
import type { Attempt } from "./attempts.js";
import { restoreLabel } from "./check.js";
import { restores, type VeleroEdges } from "./edges.js";

/** How long a Pod may take to go, in milliseconds; it goes without us, too. */
const patience = 60_000;

/**
 * Takes away the Pods that stood in for workloads while their volumes were filled, of this Restore and of no other. What made them harmless
 * goes with the Restore. Returns what couldn't be done, in words.
 */
export async function dismissPods(
  { restore, modifiers, pods: names = [], namespace }: Attempt,
  edges: Pick<VeleroEdges, "green" | "clock" | "signal" | "onProgress">,
): Promise<string[]> {
  if (!modifiers) return [];
  const { green, clock } = edges;
  const isOurs = (pod: KubeObject | undefined): boolean =>
    pod?.metadata.labels?.[restoreLabel] === restore.metadata.name;
  const look = async (): Promise<string[]> => {
    const found: string[] = [];
    for (const name of names) {
      const pod = await green.get(pods, name, namespace);
      if (!isOurs(pod)) continue;
      if (pod?.metadata.deletionTimestamp === undefined) await green.delete(pods, name, namespace);
      found.push(name);
    }
    return found;
  };
  const words = (left: readonly string[], why: string): string =>
    `in ${namespace} the Pod(s) ${left.join(", ")} are left of this restore (${why}): they run nothing, and keep their volumes on their nodes: delete them`;
  try {
    await giveToRestore(modifiers, green);
    const left = await waitFor("Pod(s) of a restore to go", look, clock.now() + patience, edges);
    return left.length > 0 ? [words(left, "they don't go")] : [];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return [words(names, error.message)];
  }
}

/** Whoever deletes the Restore, or its backup by Velero, is rid of this too. */
async function giveToRestore(
  { metadata: { name, namespace = "" } }: KubeObject,
  green: VeleroEdges["green"],
): Promise<void> {
  const live = await green.get(restores, name, namespace);
  if (!live) return;
  const { apiVersion, kind, metadata } = live;
  const ownerReferences = [{ apiVersion, kind, name: metadata.name, uid: metadata.uid ?? "" }];
  await green.patch(
    configMaps,
    name,
    { metadata: { ownerReferences } },
    { type: "merge", namespace, fieldManager: "clustershift" },
  );
}
