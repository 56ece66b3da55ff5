import type { KubeObject, ObjectRef } from "../../model/objects.js";

/** One object's naming of another, as the API defines it. */
export interface Reference {
  to: ObjectRef;
  /** Where it stands, as people write it: `spec.template.spec.imagePullSecrets`. */
  field: string;
}

/** Stands for a namespace that the object doesn't say, and only its controller knows. */
export const anyNamespace = "*";

/** Finds what the objects of one kind name, and can't do without: what is marked optional isn't among it. */
export type Finder = (object: KubeObject) => Reference[];

/** A reference within a namespace, or to something of the cluster's; none where no name is given. */
export function reference(
  field: string,
  kind: string,
  name: unknown,
  { group = "", namespace }: { group?: string; namespace?: string | undefined } = {},
): Reference[] {
  if (typeof name !== "string" || name === "") return [];
  return [{ field, to: { group, kind, name, ...(namespace === undefined ? {} : { namespace }) } }];
}
