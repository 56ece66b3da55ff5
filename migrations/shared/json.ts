import type { JsonObject, KubeObject } from "../../src/model/objects.js";

/** Whether a field says nothing. Go's decoder takes null for an absent field, and so do we. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** A deep copy at another apiVersion, with the fields in their old order. */
export function atVersion(object: KubeObject, apiVersion: string): KubeObject {
  return { ...structuredClone(object), apiVersion };
}

/** The fields that say something: an absent one must not become `field: undefined`, which no JSON has. */
export function present(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isAbsent(value)));
}
