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
  const claims = objects.filter(isClaim).map(({ metadata: { namespace = "", name } }) => ({ namespace, name }));
  for (const object of objects) {
    if (!templates[object.kind] || hasEnded(object)) continue;
    const root = rootOf(object, byKey);
    for (const { namespace, name } of mountedBy(object, claims)) note(namespace, name, root);
  }
  return new Map([...users].map(([claim, its]) => [claim, [...its.values()]]));
}

interface NamedClaim {
  namespace: string;
  name: string;
}

/** Claims that its Pods mount, whether they are there or not; and of these, those that a StatefulSet makes for its Pods. */
function mountedBy(object: KubeObject, claims: readonly NamedClaim[]): NamedClaim[] {
  const path = templates[object.kind];
  if (!path) return [];
  const { namespace = "" } = object.metadata;
  const mounted = claimsIn(at(object, ...path)).map((name) => ({ namespace, name }));
  if (object.kind !== "StatefulSet") return mounted;
  const patterns = listAt(object, "spec", "volumeClaimTemplates").map(
    (template) => `${filledAt(template, "metadata", "name")}-${object.metadata.name}-`,
  );
  const made = claims.filter(
    (claim) =>
      claim.namespace === namespace &&
      patterns.some((start) => claim.name.startsWith(start) && /^\d+$/.test(claim.name.slice(start.length))),
  );
  return [...mounted, ...made];
}

/** Whether its Pods mount one of these claims, each `namespace/name`. */
export function mountsAnyOf(object: KubeObject, claims: readonly string[]): boolean {
  const named = claims.map((claim): NamedClaim => {
    const [namespace = "", name = ""] = claim.split("/");
    return { namespace, name };
  });
  return mountedBy(object, named).some(({ namespace, name }) => claims.includes(`${namespace}/${name}`));
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
