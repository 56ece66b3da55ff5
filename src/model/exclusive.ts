import { groupOf, type KubeObject, kindKey, type ObjectRef, refKey } from "./objects.js";
import type { PlannedExclusive } from "./plan.js";
import type { Selector } from "./selector.js";

/** What must run on one cluster at a time: stopped on blue, then released on green. */
export interface ExclusiveRule {
  /** Also the id of the hold that keeps green's quiet until then. */
  name: string;
  reason: string;
  select: Selector;
}

/** The one field that stops what an object runs. */
export interface Switch {
  path: readonly string[];
  off: string | number | boolean;
}

const replicas: Switch = { path: ["spec", "replicas"], off: 0 };

/** What can be exclusive, by `Kind.group`. At 0 replicas a HorizontalPodAutoscaler does nothing; what is suspended starts no Job. */
export const exclusiveKinds: Readonly<Record<string, Switch>> = {
  "CronJob.batch": { path: ["spec", "suspend"], off: true },
  "Deployment.apps": replicas,
  "ReplicaSet.apps": replicas,
  "StatefulSet.apps": replicas,
};

/** KEDA wakes what it scales from 0. So it is told to keep it there: it takes it to 0 itself, and knows the way back. */
export const kedaPause: Switch = { path: ["metadata", "annotations", "autoscaling.keda.sh/paused-replicas"], off: "0" };

/** All that is ever written to blue, by `Kind.group`: these fields of these kinds. */
export const blueSwitches: Readonly<Record<string, Switch>> = { ...exclusiveKinds, "ScaledObject.keda.sh": kedaPause };

export function switchOf({ apiVersion, kind }: Pick<KubeObject, "apiVersion" | "kind">): Switch | undefined {
  return blueSwitches[kindKey({ group: groupOf(apiVersion), kind })];
}

/** Whether the cutover stops it on blue before any traffic moves. */
export function isStoppedFirst(object: ObjectRef, planned: readonly PlannedExclusive[] = []): boolean {
  return planned.some((each) => each.first === true && refKey(each.object) === refKey(object));
}
