import type { KubeReader } from "../../kube/api.js";
import type { Clock } from "../../model/clock.js";
import { type KubeObject, type ObjectRef, refKey, refOf } from "../../model/objects.js";
import { listCronJobs, listMade, listPods, listWorkloads } from "../served.js";
import { type Running, stillRunning } from "./still-running.js";

export interface WaitEdges {
  kube: Pick<KubeReader, "pages">;
  clock: Clock;
  timeoutMs: number;
  signal?: AbortSignal;
  onProgress?: (ended: number, all: number) => void;
}

/** Milliseconds between two looks. */
const pause = 2_000;
/** Looks in a row that must find nothing: a controller may be about to act on what it read before. */
const quietLooks = 2;

/**
 * Waits until nothing runs any more on behalf of these workloads. What still runs at the end of the time is in the answer, by
 * `refKey`, in people's words.
 *
 * @throws UserError `cluster-unreachable`; the signal's reason
 */
export async function untilEnded(objects: readonly ObjectRef[], edges: WaitEdges): Promise<Map<string, string>> {
  const { clock, timeoutMs, signal, onProgress } = edges;
  if (objects.length === 0) return new Map();
  const until = clock.now() + timeoutMs;
  for (let quiet = 0; ; ) {
    const running = stillRunning(await lookAt(objects, edges));
    onProgress?.(objects.length - running.size, objects.length);
    quiet = running.size === 0 ? quiet + 1 : 0;
    if (quiet === quietLooks) return running;
    // A last look that found nothing is one too few, and no more time is needed than one pause.
    if (clock.now() >= until && running.size > 0) return running;
    await clock.sleep(pause, signal);
  }
}

async function lookAt(objects: readonly ObjectRef[], { kube, signal }: WaitEdges): Promise<Running> {
  const keys = new Set(objects.map(refKey));
  const isMeant = (object: KubeObject): boolean => keys.has(refKey(refOf(object)));
  const namespaces = [...new Set(objects.map(({ namespace }) => namespace))];
  const workloads = [...(await listWorkloads(kube, signal)), ...(await listCronJobs(kube, signal))].filter(isMeant);
  const made = await Promise.all(
    namespaces.map(async (namespace) => ({
      ...(await listMade(kube, namespace, signal)),
      // The last: what was made meanwhile is seen.
      pods: await listPods(kube, namespace, undefined, signal),
    })),
  );
  return {
    workloads,
    replicaSets: made.flatMap(({ replicaSets }) => replicaSets),
    jobs: made.flatMap(({ jobs }) => jobs),
    pods: made.flatMap(({ pods }) => pods),
  };
}
