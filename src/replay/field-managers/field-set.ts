import { canonicalJson } from "../../model/canonical.js";
import { isObject, sameJson } from "../../model/json.js";
import type { JsonObject } from "../../model/objects.js";

/**
 * Fields of an object, as `managedFields[].fieldsV1` has them: `f:NAME` for a field, `k:{…}` for a list's item by its keys, `v:…` for
 * an item by its value, and `.` for the map or item itself. What ends stands for all below it: the list or map is atomic.
 */
export type FieldSet = JsonObject;

/** True where a set, or what is left of one, names nothing below itself. */
export function isLeaf(fields: FieldSet): boolean {
  return Object.keys(fields).length === 0;
}

/** What either of two sets names. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  const both: FieldSet = { ...a };
  for (const [key, below] of Object.entries(b)) {
    const other = both[key];
    // An end beside something that goes on is the map itself beside its fields.
    if (isObject(other) && isObject(below)) both[key] = key === "." ? {} : unionBelow(other, below);
    else both[key] = below;
  }
  return both;
}

function unionBelow(a: FieldSet, b: FieldSet): FieldSet {
  if (isLeaf(a) !== isLeaf(b)) return { ".": {}, ...a, ...b };
  return union(a, b);
}

/**
 * What both sets name, in the way of the second, whose schema is the one that counts: atomic or not. Where one ends, so does what is
 * common: an end in the first may be a map that was empty when it was written, and that others have filled since.
 */
export function common(a: FieldSet, b: FieldSet): FieldSet {
  const named = new Map(Object.entries(b).map(([key, below]) => [normal(key), [key, below] as const]));
  const both: FieldSet = {};
  for (const [key, below] of Object.entries(a)) {
    const [name, other] = named.get(normal(key)) ?? [];
    if (name === undefined || !isObject(below) || !isObject(other)) continue;
    const deeper = common(below, other);
    if (!isLeaf(deeper) || isLeaf(below) || isLeaf(other)) both[name] = deeper;
  }
  return both;
}

/** The fields of a set that a value has. */
export function existing(fields: FieldSet, value: unknown): FieldSet {
  const kept: FieldSet = {};
  for (const [key, below] of Object.entries(fields)) {
    if (key === ".") kept[key] = {};
    const found = key === "." ? undefined : find(key, value);
    if (!found || !isObject(below)) continue;
    const deeper = existing(below, found.value);
    if (isLeaf(below) || !isLeaf(deeper)) kept[key] = deeper;
  }
  return kept;
}

/** The part of a value that a set names. */
export function extract(fields: FieldSet, value: unknown): unknown {
  if (isLeaf(fields)) return value;
  const parts = Object.entries(fields).flatMap(([key, below]) => {
    const found = find(key, value);
    return found && isObject(below) ? [{ key, part: extract(below, found.value) }] : [];
  });
  if (Array.isArray(value)) return parts.map(({ part }) => part);
  return Object.fromEntries(parts.map(({ key, part }) => [key.slice(2), part]));
}

/** True where a set surely names everything that a value consists of: an end may be an atomic map, or one that was empty. */
export function covers(fields: FieldSet, value: unknown): boolean {
  if (isObject(value)) {
    return Object.entries(value).every(([field, inner]) => {
      const below = fields[`f:${field}`];
      return isObject(below) && covers(below, inner);
    });
  }
  if (isLeaf(fields)) return true;
  if (!Array.isArray(value)) return false;
  return value.every((item) =>
    Object.entries(fields).some(([key, below]) => names(key, item) && isObject(below) && covers(below, item)),
  );
}

/** True where a `k:` or `v:` key names a list's item. A key that the item lacks is one that the schema fills in. */
export function names(key: string, item: unknown): boolean {
  const said = key.startsWith("k:") || key.startsWith("v:") ? parsed(key.slice(2)) : undefined;
  if (said === undefined) return false;
  if (key.startsWith("v:")) return sameJson(said, item);
  if (!isObject(said) || !isObject(item)) return false;
  return Object.entries(said).every(([field, value]) => item[field] === undefined || sameJson(item[field], value));
}

function find(key: string, value: unknown): { value: unknown } | undefined {
  if (key.startsWith("f:")) {
    const field = key.slice(2);
    return isObject(value) && Object.hasOwn(value, field) ? { value: value[field] } : undefined;
  }
  const index = Array.isArray(value) ? value.findIndex((item) => names(key, item)) : -1;
  return Array.isArray(value) && index >= 0 ? { value: value[index] } : undefined;
}

/** The same key for the same item, in whatever order its fields are written. */
function normal(key: string): string {
  const said = key.startsWith("k:") ? parsed(key.slice(2)) : undefined;
  return said === undefined ? key : `k:${canonicalJson(said)}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
