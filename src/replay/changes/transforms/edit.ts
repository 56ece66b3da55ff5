import { isObject } from "../../../model/json.js";
import type { KubeObject } from "../../../model/objects.js";
import { indexIn, PointerError, placeOf, stepsOf, valueAt } from "./pointer.js";

/**
 * The object with these values at these JSON pointers. Mappings that are missing on the way are made; lists are not: an entry
 * must be there, or be `-`, the one after the last.
 */
export function withValues(object: KubeObject, values: Readonly<Record<string, unknown>>): KubeObject {
  const copy = structuredClone(object);
  for (const [pointer, value] of Object.entries(values)) {
    const { holder, step } = placeOf(copy, pointer, { make: true });
    if (!Array.isArray(holder)) {
      holder[step] = structuredClone(value);
      continue;
    }
    const index = indexIn(holder, step);
    if (index === undefined) throw new PointerError(pointer, `the list has ${holder.length} entries`);
    holder[index] = structuredClone(value);
  }
  return copy;
}

/** The object without what is at these JSON pointers. What isn't there needs no removing. */
export function withoutValues(object: KubeObject, pointers: readonly string[]): KubeObject {
  const copy = structuredClone(object);
  // Of a list the later entries go first, so that the earlier ones keep their places.
  for (const pointer of [...pointers].sort(laterFirst)) {
    const place = foundPlace(copy, pointer);
    if (!place || valueAt(place) === undefined) continue;
    if (Array.isArray(place.holder)) place.holder.splice(Number(place.step), 1);
    else delete place.holder[place.step];
  }
  return copy;
}

function foundPlace(root: KubeObject, pointer: string): ReturnType<typeof placeOf> | undefined {
  let value: unknown = root;
  for (const step of stepsOf(pointer).slice(0, -1)) {
    if (!isObject(value) && !Array.isArray(value)) return undefined;
    value = valueAt({ holder: value, step });
  }
  return isObject(value) || Array.isArray(value) ? placeOf(root, pointer) : undefined;
}

function laterFirst(a: string, b: string): number {
  const [left, right] = [stepsOf(a), stepsOf(b)];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [one = "", other = ""] = [left[index], right[index]];
    if (one === other) continue;
    const isIndex = /^\d+$/.test(one) && /^\d+$/.test(other);
    return isIndex ? Number(other) - Number(one) : one < other ? 1 : -1;
  }
  // What is in something goes before what it is in.
  return right.length - left.length;
}
