import { at, filledAt, listAt } from "../model/json.js";
import { type KubeObject, type ObjectRef, type OwnerReference, refKey, refOf } from "../model/objects.js";

/** Where the template of a kind's Pods lies. */
const templates: Readonly<Record<string, readonly string[]>> = {
  Deployment: ["spec", "template", "spec"],
  StatefulSet: ["spec", "template", "spec"],
  DaemonSet: ["spec", "template", "spec"],
  ReplicaSet: ["spec", "template", "spec"],
  ReplicationController: ["spec", "template", "spec"],
  Job: ["spec", "template", "spec"],
  CronJob: ["spec", "jobTemplate", "spec", "template", "spec"],
  Pod: ["spec"],
};

/** A workload that uses claims, as far as decisions go by it. */
export interface Workload {
  ref: ObjectRef;
  /** The object, where blue listed it. */
  object?: KubeObject;
}

/**
 * Who mounts which claim, by `namespace/name`: the workloads that a person knows, not what they make. A StatefulSet at 0 replicas
 * still has its claims; what an operator runs is found by its Pods.
 */
export function usersOf(objects: readonly KubeObject[]): ReadonlyMap<string, Workload[]> {
  const byKey = new Map(objects.map((object) => [refKey(refOf(object)), object]));
  const users = new Map<string, Map<string, Workload>>();
  const note = (namespace: string, claim: string, user: Workload): void => {
    const its = users.get(`${namespace}/${claim}`) ?? new Map<string, Workload>();
    users.set(`${namespace}/${claim}`, its.set(refKey(user.ref), user));
  };
  const claims = objects.filter(isClaim);
  for (const object of objects) {
    const path = templates[object.kind];
    if (!path || hasEnded(object)) continue;
    const { namespace = "" } = object.metadata;
    const root = rootOf(object, byKey);
    for (const name of claimsIn(at(object, ...path))) note(namespace, name, root);
    if (object.kind !== "StatefulSet") continue;
    const patterns = listAt(object, "spec", "volumeClaimTemplates").map(
      (template) => `${filledAt(template, "metadata", "name")}-${object.metadata.name}-`,
    );
    for (const { metadata } of claims) {
      const isIts = patterns.some(
        (start) => metadata.name.startsWith(start) && /^\d+$/.test(metadata.name.slice(start.length)),
      );
      if (isIts && metadata.namespace === namespace) note(namespace, metadata.name, root);
    }
  }
  return new Map([...users].map(([claim, its]) => [claim, [...its.values()]]));
}

export function isClaim({ kind, apiVersion }: KubeObject): boolean {
  return kind === "PersistentVolumeClaim" && apiVersion === "v1";
}

function claimsIn(spec: unknown): string[] {
  return listAt(spec, "volumes").flatMap((volume) => filledAt(volume, "persistentVolumeClaim", "claimName") ?? []);
}

/** The last of its controllers, whether or not blue listed that. */
function rootOf(object: KubeObject, byKey: ReadonlyMap<string, KubeObject>): Workload {
  let workload: Workload = { ref: refOf(object), object };
  for (let depth = 0; depth < 10; depth++) {
    const owner: OwnerReference | undefined = workload.object?.metadata.ownerReferences?.find(
      ({ controller }) => controller === true,
    );
    if (!owner) break;
    const { apiVersion, kind, name } = owner;
    const { namespace } = object.metadata;
    const ref = refOf({ apiVersion, kind, metadata: { name, ...(namespace && { namespace }) } });
    const listed = byKey.get(refKey(ref));
    workload = { ref, ...(listed && { object: listed }) };
    if (!listed) break;
  }
  return workload;
}

/** What is over writes nothing any more. */
function hasEnded({ kind, status }: KubeObject): boolean {
  if (kind === "Pod") return ["Succeeded", "Failed"].includes(filledAt(status, "phase") ?? "");
  return (
    kind === "Job" &&
    listAt(status, "conditions").some(
      (condition) =>
        ["Complete", "Failed"].includes(filledAt(condition, "type") ?? "") && filledAt(condition, "status") === "True",
    )
  );
}
