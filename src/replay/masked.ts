import { isObject, sameJson } from "../model/json.js";
import type { JsonObject, KubeObject } from "../model/objects.js";

const hidden = "(hidden)";
const changed = "(hidden, another value)";
const holders = ["data", "stringData"];

/**
 * An object as it may be shown: of a Secret no value is, nor an annotation, since tools keep whole manifests there. Where it
 * differs from what it was `before`, that is said.
 */
export function masked(object: KubeObject, before: KubeObject = object): KubeObject {
  if (object.kind !== "Secret") return object;
  const { annotations } = object.metadata;
  const shown: KubeObject = {
    ...object,
    metadata: {
      ...object.metadata,
      ...(annotations && { annotations: mask(annotations, before.metadata.annotations) as Record<string, string> }),
    },
  };
  for (const holder of holders) {
    const values = object[holder];
    if (isObject(values)) shown[holder] = mask(values, before[holder]);
    else if (values !== undefined && values !== null) shown[holder] = hidden;
  }
  return shown;
}

function mask(values: JsonObject, before: unknown): JsonObject {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const isSame = !isObject(before) || before[key] === undefined || sameJson(before[key], value);
      return [key, isSame ? hidden : changed];
    }),
  );
}
