import { type KubeObject, kindKey, refKey, refOf } from "../../model/objects.js";
import { numberAt } from "../fields.js";
import { hasEnded } from "./choose.js";

/** What may run on behalf of workloads, as a cluster has it now, of the workloads' namespaces. */
export interface Running {
  workloads: readonly KubeObject[];
  replicaSets: readonly KubeObject[];
  jobs: readonly KubeObject[];
  pods: readonly KubeObject[];
}

/** Names in one line. */
const mostNamed = 3;

/**
 * What of each workload still runs, in people's words, by `refKey`; what has ended isn't in it. A Pod counts until it is gone or
 * over, also while it terminates, and a Job until it is over. A controller that hasn't seen yet that nothing is wanted may start
 * one more. Pure.
 */
export function stillRunning({ workloads, replicaSets, jobs, pods }: Running): Map<string, string> {
  const found = new Map<string, string>();
  for (const workload of workloads) {
    const sets = madeBy([workload], replicaSets);
    const its = madeBy([workload], jobs);
    const alive = [...its, ...madeBy([workload, ...sets, ...its], pods)].filter((object) => !hasEnded(object));
    const unseen = [workload, ...sets].filter(isUnseen);
    const key = refKey(refOf(workload));
    if (alive.length > 0) {
      const names = alive.slice(0, mostNamed).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      const more = alive.length > mostNamed ? ` and ${alive.length - mostNamed} more` : "";
      found.set(key, `still runs: ${names.join(", ")}${more}`);
    } else if (unseen.length > 0) found.set(key, "its controller hasn't seen yet that it is stopped");
  }
  return found;
}

function madeBy(owners: readonly KubeObject[], objects: readonly KubeObject[]): KubeObject[] {
  const uids = new Set(owners.map(({ metadata }) => metadata.uid));
  return objects.filter(({ metadata }) =>
    metadata.ownerReferences?.some(({ uid, controller }) => controller && uids.has(uid)),
  );
}

const counted = ["Deployment.apps", "StatefulSet.apps", "ReplicaSet.apps"];

function isUnseen(object: KubeObject): boolean {
  if (!counted.includes(kindKey(refOf(object)))) return false;
  const { generation = 0 } = object.metadata;
  return (
    numberAt(object, ["status", "observedGeneration"], 0) < generation ||
    numberAt(object, ["status", "replicas"], 0) > 0
  );
}
