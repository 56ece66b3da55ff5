import type { JsonObject } from "./objects.js";

/** Whether a value of raw JSON is an object, so neither null nor a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object at a field, or an empty one. */
export function objectAt(value: unknown, ...fields: string[]): JsonObject {
  const found = at(value, ...fields);
  return isObject(found) ? found : {};
}

/** The list at a field, or an empty one. */
export function listAt(value: unknown, ...fields: string[]): unknown[] {
  const found = at(value, ...fields);
  return Array.isArray(found) ? found : [];
}

/** The text at a field, or undefined. */
export function textAt(value: unknown, ...fields: string[]): string | undefined {
  const found = at(value, ...fields);
  return typeof found === "string" ? found : undefined;
}

/** The same, where an empty text says nothing, as in most of Kubernetes' fields. */
export function filledAt(value: unknown, ...fields: string[]): string | undefined {
  return textAt(value, ...fields) || undefined;
}

/** What is at a field; undefined where a part of the way isn't there. */
export function at(value: unknown, ...fields: string[]): unknown {
  let found = value;
  for (const field of fields) {
    if (!isObject(found)) return undefined;
    found = found[field];
  }
  return found;
}

/** Equal as JSON: the order of an object's fields doesn't matter, and an undefined field is no field. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => sameJson(a[key], b[key]));
}
