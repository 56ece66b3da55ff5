import { createHash } from "node:crypto";
import { homeOf } from "../kube/resources.js";
import { groupOf, type KubeObject, type OwnerReference, refKey, refOf } from "../model/objects.js";

/**
 * Owners are found by UID. In files a UID may be missing, since people take server fields out, or be of a copy that was taken at
 * another time: then the object of the same kind and name is the owner, in the dependent's namespace or in none. What isn't found
 * stays as it is. `objects` may have an object in several versions, all of which are treated alike.
 */
export function settleUids(objects: readonly KubeObject[]): Map<KubeObject, KubeObject> {
  const uids = new Map<string, string>();
  const byName = new Map<string, string | undefined>();
  for (const object of objects) {
    const { uid } = object.metadata;
    const name = nameOf(object);
    if (uid !== undefined && uid !== "") uids.set(uid, name);
    byName.set(name, byName.get(name) ?? uid);
  }
  const given = new Map<string, string>();
  const ownerUid = (dependent: KubeObject, reference: OwnerReference): string => {
    if (reference.uid && uids.has(reference.uid)) return reference.uid;
    const name = ownerNames(dependent, reference).find((each) => byName.has(each));
    if (name === undefined) return reference.uid ?? "";
    const uid = byName.get(name) ?? given.get(name) ?? (reference.uid || madeUp(name));
    if (!byName.get(name)) given.set(name, uid);
    return uid;
  };
  const referring = new Map(
    objects.map((object) => [
      object,
      object.metadata.ownerReferences?.map((reference) => ({ ...reference, uid: ownerUid(object, reference) })),
    ]),
  );
  return new Map(
    objects.map((object) => {
      const uid = object.metadata.uid || given.get(nameOf(object));
      const ownerReferences = referring.get(object);
      const metadata = { ...object.metadata, ...(uid && { uid }), ...(ownerReferences && { ownerReferences }) };
      return [object, { ...object, metadata }];
    }),
  );
}

function nameOf(object: KubeObject): string {
  return refKey({ ...refOf(object), ...homeOf(refOf(object)) });
}

function ownerNames({ metadata: { namespace } }: KubeObject, { apiVersion, kind, name }: OwnerReference): string[] {
  const ref = { ...homeOf({ group: groupOf(apiVersion), kind }), name };
  return [...(namespace ? [refKey({ ...ref, namespace })] : []), refKey(ref)];
}

/** Only to tell objects apart in one reading: green gives each a UID of its own. */
function madeUp(name: string): string {
  return createHash("sha256")
    .update(name)
    .digest("hex")
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
