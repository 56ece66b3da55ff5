import { isObject, textAt } from "../model/json.js";
import type { KubeObject } from "../model/objects.js";
import { entriesOf } from "./field-managers/entries.js";
import { isLeaf, names } from "./field-managers/field-set.js";

/** Where something stands in an object: field names and list indexes. */
export type Path = readonly (string | number)[];

/** What we call ourselves to API servers. */
export const fieldManager = "clustershift";

/** Managers that wrote the field at a path, or something below it, or the whole list that it stands in. */
export function managersOf(object: KubeObject, path: Path): string[] {
  const writers = entriesOf(object).filter(({ fields }) => owns(fields, object, path));
  return [...new Set(writers.map(({ manager }) => manager))];
}

/** True where we wrote some of an object: it was made by an earlier replay. */
export function isOurs(object: KubeObject): boolean {
  return (object.metadata.managedFields ?? []).some((entry) => textAt(entry, "manager") === fieldManager);
}

/**
 * True where a set of fields names the place at a path of an object, something below it, or the whole list or map that it
 * stands in.
 */
export function owns(fields: unknown, value: unknown, path: Path): boolean {
  if (!isObject(fields)) return false;
  const [step, ...rest] = path;
  if (step === undefined) return true;
  if (Object.keys(fields).every((key) => key === ".")) return isLeaf(fields);
  if (typeof step === "string") {
    return `f:${step}` in fields && owns(fields[`f:${step}`], isObject(value) ? value[step] : undefined, rest);
  }
  const item = Array.isArray(value) ? value[step] : undefined;
  return Object.entries(fields).some(([key, below]) => names(key, item) && owns(below, item, rest));
}
