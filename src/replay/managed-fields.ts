import type { KubeObject } from "../model/objects.js";
import { isObject, sameJson, textAt } from "./json.js";

/** Where something stands in an object: field names and list indexes. */
export type Path = readonly (string | number)[];

/** What we call ourselves to API servers. */
export const fieldManager = "clustershift";

/** Managers that wrote the field at a path, or something below it, or the whole list that it stands in. */
export function managersOf(object: KubeObject, path: Path): string[] {
  const managers = new Set<string>();
  for (const entry of object.metadata.managedFields ?? []) {
    const manager = textAt(entry, "manager");
    if (manager && isObject(entry) && owns(entry.fieldsV1, object, path)) managers.add(manager);
  }
  return [...managers];
}

/** True where we wrote some of an object: it was made by an earlier replay. */
export function isOurs(object: KubeObject): boolean {
  return (object.metadata.managedFields ?? []).some((entry) => textAt(entry, "manager") === fieldManager);
}

/**
 * Walks a FieldsV1 set and the object side by side: `f:NAME` for fields, `k:{…}` for list items by their keys, `v:…` for
 * items by their value. A set that ends above the path owns everything below: the list or map is atomic.
 */
function owns(fields: unknown, value: unknown, path: Path): boolean {
  if (!isObject(fields)) return false;
  const [step, ...rest] = path;
  if (step === undefined) return true;
  if (Object.keys(fields).filter((key) => key !== ".").length === 0) return !("." in fields);
  if (typeof step === "string") {
    return `f:${step}` in fields && owns(fields[`f:${step}`], isObject(value) ? value[step] : undefined, rest);
  }
  const item = Array.isArray(value) ? value[step] : undefined;
  return Object.entries(fields).some(([key, below]) => names(key, item) && owns(below, item, rest));
}

function names(key: string, item: unknown): boolean {
  const kind = key.slice(0, 2);
  if (kind !== "k:" && kind !== "v:") return false;
  const said: unknown = JSON.parse(key.slice(2));
  if (kind === "v:") return sameJson(said, item);
  return isObject(said) && isObject(item) && Object.entries(said).every(([field, at]) => sameJson(item[field], at));
}
