import { isObject } from "../../src/model/json.js";
import type { JsonObject, KubeObject } from "../../src/model/objects.js";
import { isAbsent } from "./json.js";

/** Keeps everything, or waits for ever: how a number without a limit is said in apps/v1. */
export const NO_LIMIT = 2_147_483_647;

/**
 * extensions/v1beta1 and apps/v1beta1 took an absent selector, and absent labels of the workload itself, from the labels of
 * its pods. apps/v1 asks for the selector, and leaves the labels alone. The object is changed: hand over a copy.
 */
export function pinSelector(object: KubeObject): void {
  const { spec, metadata } = object;
  const labels = podLabels(spec);
  if (!isObject(spec) || labels === undefined) return;
  if (isAbsent(spec.selector)) spec.selector = { matchLabels: { ...labels } };
  if (Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = { ...labels };
}

function podLabels(spec: unknown): Record<string, string> | undefined {
  const template = isObject(spec) ? spec.template : undefined;
  const metadata = isObject(template) ? template.metadata : undefined;
  return isObject(metadata) && isObject(metadata.labels) ? (metadata.labels as Record<string, string>) : undefined;
}

/** Fields with what an old version assumed where they were absent. What is there stays. */
export function pinned(fields: JsonObject, defaults: JsonObject): JsonObject {
  const result = { ...fields };
  for (const [field, value] of Object.entries(defaults)) {
    const present = result[field];
    if (isAbsent(present)) result[field] = structuredClone(value);
    else if (isObject(present) && isObject(value)) result[field] = pinned(present, value);
  }
  return result;
}
