import type { KubeObject } from "../../model/objects.js";
import { fieldManager } from "../managed-fields.js";
import { entriesOf, type ManagerEntry } from "./entries.js";
import { common, type FieldSet, isLeaf } from "./field-set.js";

/** Who else than us has a field, and of what they have that field alone. */
export function ownersAt(live: KubeObject, path: readonly string[]): ManagerEntry[] {
  const field = path.reduceRight<FieldSet>((below, step) => ({ [`f:${step}`]: below }), {});
  return entriesOf(live)
    .map((entry) => ({ ...entry, fields: common(entry.fields, field) }))
    .filter(({ manager, fields }) => manager !== fieldManager && !isLeaf(fields));
}
