import { kedaPause } from "../../model/exclusive.js";
import type { HeldField } from "../../model/held.js";
import { isObject, sameJson } from "../../model/json.js";
import { groupOf, type JsonObject, type KubeObject, kindKey } from "../../model/objects.js";
import { jsonPointer } from "../compare.js";

/** How objects of a kind are kept from acting. */
export interface QuietWay {
  path: readonly string[];
  value: unknown;
  /** In people's words, after `is`. */
  words: string;
}

/**
 * At 0 replicas an autoscaler does nothing either, and a disruption budget has nothing to guard. Kubernetes itself stops
 * what is suspended.
 */
const noReplicas: QuietWay = { path: ["spec", "replicas"], value: 0, words: "at 0 replicas" };
const suspended: QuietWay = { path: ["spec", "suspend"], value: true, words: "suspended" };

export const quietWays: Readonly<Record<string, QuietWay>> = {
  "Deployment.apps": noReplicas,
  "StatefulSet.apps": noReplicas,
  "ReplicaSet.apps": noReplicas,
  ReplicationController: noReplicas,
  "DaemonSet.apps": {
    path: ["spec", "template", "spec", "nodeSelector", "clustershift.dev/held"],
    value: "true",
    words: "on no node, by a node selector",
  },
  "CronJob.batch": suspended,
  "CronWorkflow.argoproj.io": suspended,
  "Job.batch": suspended,
  "ScaledObject.keda.sh": { path: kedaPause.path, value: kedaPause.off, words: "paused at 0 replicas" },
};

export function quietWayOf(object: KubeObject): QuietWay | undefined {
  return quietWays[kindKey({ group: groupOf(object.apiVersion), kind: object.kind })];
}

export type Quieted = { object: KubeObject } & Pick<HeldField, "pointer" | "held" | "original">;

/** The object so that it doesn't act, and what was changed; undefined where it doesn't act already, or no way is known. */
export function quiet(object: KubeObject): Quieted | undefined {
  const way = quietWayOf(object);
  return way && put(object, way.path, way.value);
}

/** Where blue has no such field, nor its parent, the whole parent is what comes and goes. */
function put(object: KubeObject, path: readonly string[], value: unknown): Quieted | undefined {
  const copy = structuredClone(object);
  let parent: JsonObject = copy;
  for (const [index, field] of path.entries()) {
    const present = parent[field];
    const last = index === path.length - 1;
    if (isObject(present) && !last) {
      parent = present;
      continue;
    }
    if (last && sameJson(present, value)) return undefined;
    const held = path.slice(index + 1).reduceRight<unknown>((below, step) => ({ [step]: below }), value);
    parent[field] = held;
    const pointer = jsonPointer(path.slice(0, index + 1));
    return { object: copy, pointer, held, ...(present !== undefined && { original: present }) };
  }
  return undefined;
}
