import { groupOf, type KubeObject, type ObjectRef, type OwnerReference } from "../model/objects.js";

/** An owner as it will be on green: the apiVersion in which it is written, and its name there. */
export type ArrivingOwner = Pick<KubeObject, "apiVersion" | "metadata">;

/**
 * Keeps the references to owners that arrive, in the version and by the name in which they arrive, and takes off the others:
 * the garbage collector deletes what refers only to owners that don't exist, or that are in another namespace. UIDs are
 * still blue's.
 */
export function settleOwners(
  object: KubeObject,
  arriving: (uid: string) => ArrivingOwner | undefined,
): { object: KubeObject; removed: ObjectRef[] } {
  const references = object.metadata.ownerReferences;
  if (!references) return { object, removed: [] };
  const kept: OwnerReference[] = [];
  const removed: ObjectRef[] = [];
  for (const reference of references) {
    const owner = arriving(reference.uid);
    const { name, namespace } = owner?.metadata ?? {};
    const reaches = namespace === undefined || namespace === object.metadata.namespace;
    if (owner && name && reaches) kept.push({ ...reference, apiVersion: owner.apiVersion, name });
    else removed.push({ group: groupOf(reference.apiVersion), kind: reference.kind, name: reference.name });
  }
  return { object: withOwners(object, kept), removed };
}

/**
 * The object with green's UIDs in its references; `missing` are those of blue whose owner green doesn't have yet, in which
 * case the object must not be written: the garbage collector would delete it.
 */
export function mapOwners(
  object: KubeObject,
  greenUids: ReadonlyMap<string, string>,
): { object: KubeObject; missing: string[] } {
  const references = object.metadata.ownerReferences;
  if (!references) return { object, missing: [] };
  const missing = references.filter(({ uid }) => !greenUids.has(uid)).map(({ uid }) => uid);
  const mapped = references.map((reference) => ({ ...reference, uid: greenUids.get(reference.uid) ?? reference.uid }));
  return { object: withOwners(object, mapped), missing };
}

/** The object without its references to these owners. */
export function withoutOwners(object: KubeObject, uids: readonly string[]): KubeObject {
  const references = object.metadata.ownerReferences ?? [];
  return withOwners(
    object,
    references.filter(({ uid }) => !uids.includes(uid)),
  );
}

function withOwners(object: KubeObject, references: OwnerReference[]): KubeObject {
  const { ownerReferences: _, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: references.length > 0 ? { ...metadata, ownerReferences: references } : metadata,
  };
}
