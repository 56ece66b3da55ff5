import type { JsonObject } from "../model/objects.js";

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is at a field of raw JSON; undefined where a part of the way isn't there. */
export function at(value: unknown, ...fields: string[]): unknown {
  return fields.reduce<unknown>((found, field) => (isObject(found) ? found[field] : undefined), value);
}

export function textAt(value: unknown, ...fields: string[]): string | undefined {
  const found = at(value, ...fields);
  return typeof found === "string" && found !== "" ? found : undefined;
}

export function listAt(value: unknown, ...fields: string[]): unknown[] {
  const found = at(value, ...fields);
  return Array.isArray(found) ? found : [];
}
