import { isObject } from "../model/json.js";
import type { JsonObject, KubeObject } from "../model/objects.js";

/** The value at a field of an object, undefined where there is none. Paths lead through objects only, never lists. */
export function valueAt(object: KubeObject, path: readonly string[]): unknown {
  let found: unknown = object;
  for (const field of path) {
    if (!isObject(found)) return undefined;
    found = found[field];
  }
  return found;
}

/** A number at a field; what isn't there, or isn't one, is the other. */
export function numberAt(object: KubeObject, path: readonly string[], otherwise: number): number {
  const found = valueAt(object, path);
  return typeof found === "number" ? found : otherwise;
}

/** A merge patch that gives one field a value, or takes it off. */
export function patchOf(path: readonly string[], value: unknown): JsonObject {
  return path.reduceRight<unknown>((below, field) => ({ [field]: below }), value ?? null) as JsonObject;
}
