import { isObject, sameJson } from "../model/json.js";
import type { KubeObject, ObjectMeta } from "../model/objects.js";
import { comparable, jsonPointer, ownMetadata, pairs } from "./compare.js";
import type { Path } from "./managed-fields.js";

/**
 * Green's object made equal to what was sent, except at the JSON pointers in `keep`: what green has there stays. Carries
 * green's resourceVersion, so that writing it is refused when somebody else wrote meanwhile.
 */
export function mend(wanted: KubeObject, live: KubeObject, keep: ReadonlySet<string>): KubeObject {
  const { metadata: own, ...fields } = mended(comparable(wanted), comparable(live), [], keep) as KubeObject;
  const metadata: ObjectMeta = { ...live.metadata };
  for (const field of ownMetadata) delete metadata[field];
  const status = "status" in live ? { status: live.status } : {};
  return { ...fields, ...status, metadata: { ...metadata, ...own } };
}

function mended(wanted: unknown, live: unknown, path: Path, keep: ReadonlySet<string>): unknown {
  if (keep.has(jsonPointer(path))) return live;
  const kept = (step: string | number) => keep.has(jsonPointer([...path, step]));
  if (isObject(wanted) && isObject(live)) {
    const fields: [string, unknown][] = [];
    for (const [field, value] of Object.entries(wanted)) {
      if (field in live) fields.push([field, mended(value, live[field], [...path, field], keep)]);
      else if (!kept(field)) fields.push([field, value]);
    }
    for (const [field, value] of Object.entries(live)) {
      if (wanted[field] !== undefined) continue;
      if (kept(field)) fields.push([field, value]);
      else if (isObject(value)) {
        // Annotations are kept one by one, also where none was sent.
        const below = mended({}, value, [...path, field], keep);
        if (isObject(below) && Object.keys(below).length > 0) fields.push([field, below]);
      }
    }
    return Object.fromEntries(fields);
  }
  if (Array.isArray(wanted) && Array.isArray(live)) {
    return pairs(wanted, live).flatMap(([left, right]) => {
      if (left === undefined) return right !== undefined && kept(right) ? [live[right]] : [];
      return [right === undefined ? wanted[left] : mended(wanted[left], live[right], [...path, right], keep)];
    });
  }
  return wanted;
}

/**
 * What goes into an object that green has by itself: labels, annotations and other maps field by field, lists such as
 * rules, subjects and pull secrets by what they lack. Merging twice is merging once.
 */
export function merge(live: KubeObject, added: KubeObject): KubeObject {
  const { metadata, apiVersion: _, kind: __, status: ___, ...fields } = added;
  const merged: KubeObject = { ...live, metadata: { ...live.metadata } };
  for (const field of ["labels", "annotations"] as const) {
    if (metadata[field]) merged.metadata[field] = { ...live.metadata[field], ...metadata[field] };
  }
  for (const [field, value] of Object.entries(fields)) {
    const present = live[field];
    if (Array.isArray(value) && Array.isArray(present)) {
      merged[field] = [...present, ...value.filter((item) => !present.some((other) => sameJson(item, other)))];
    } else {
      merged[field] = overlaid(present, value);
    }
  }
  return merged;
}

function overlaid(live: unknown, added: unknown): unknown {
  if (!isObject(live) || !isObject(added)) return added;
  const fields = Object.entries(added).map(([field, value]): [string, unknown] => [
    field,
    overlaid(live[field], value),
  ]);
  return { ...live, ...Object.fromEntries(fields) };
}
