import { type GroupKind, type KubeObject, kindKey, type ObjectRef, refOf } from "../model/objects.js";

/** An object as a person names it on a command line. */
export interface ObjectName {
  /** As it was written: `Deployment`, or `Deployment.apps` where the group matters. */
  kind: string;
  /** Absent for cluster-scoped objects. */
  namespace?: string;
  name: string;
}

/** `shop/Deployment/web`, `shop/Deployment.apps/web`, `ClusterRole/view`; undefined where it's none of these. */
export function parseObjectName(text: string): ObjectName | undefined {
  const parts = text.split("/");
  const [name = "", kind = "", namespace] = parts.reverse();
  if (parts.length < 2 || parts.length > 3 || parts.includes("")) return undefined;
  return { kind, name, ...(namespace !== undefined && { namespace }) };
}

/** The name by which the command line finds an object: `parseObjectName` reads it. */
export function objectName(ref: ObjectRef): string {
  return [...(ref.namespace === undefined ? [] : [ref.namespace]), kindKey(ref), ref.name].join("/");
}

/** Whether a person who wrote this name may mean the object. */
export function isNamed(name: ObjectName, object: KubeObject): boolean {
  const ref = refOf(object);
  return ref.name === name.name && ref.namespace === name.namespace && isKind(name, ref);
}

/** Kinds are known in any case, and without their group. */
export function isKind({ kind }: Pick<ObjectName, "kind">, of: GroupKind): boolean {
  const wanted = kind.toLowerCase();
  return wanted === of.kind.toLowerCase() || wanted === kindKey(of).toLowerCase();
}
