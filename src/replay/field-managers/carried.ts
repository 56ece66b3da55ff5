import { isObject } from "../../model/json.js";
import type { KubeObject } from "../../model/objects.js";
import { entriesOf, type ManagerEntry, unitedEntries } from "./entries.js";
import { existing, type FieldSet, isLeaf, names, union } from "./field-set.js";

/**
 * The managers of an object's fields as green can be told of them. Green's controllers write its status, so that nobody's
 * claim to blue's comes along. An entry of a version that green serves stays as it is. One of a version that is gone is
 * said in the version in which the object is written: its fields of the same name, and, for those that have no such, the fields
 * that stand in their place, i.e. nearest to them and nobody's.
 *
 * @param source as blue gives it
 * @param begins as it is written, before any change of ours: what a change puts there is nobody's on blue
 */
export function carriedManagers(
  source: KubeObject,
  begins: KubeObject,
  serves: (apiVersion: string, kind: string) => boolean,
): ManagerEntry[] {
  const entries = entriesOf(source).map((entry) => ({ ...entry, fields: withoutStatus(entry.fields) }));
  const gone = entries.filter(({ apiVersion }) => !serves(apiVersion, begins.kind));
  if (gone.length === 0) return unitedEntries(entries);

  const said = entries.map((entry) =>
    gone.includes(entry) ? { ...entry, apiVersion: begins.apiVersion, fields: existing(entry.fields, begins) } : entry,
  );
  const { apiVersion: _, kind: __, metadata: ___, status: ____, ...body } = begins;
  const owned = said.reduce((all, { fields }) => union(all, fields), {} as FieldSet);
  const orphans = orphansOf(body, owned, []);
  for (const [index, entry] of entries.entries()) {
    const kept = said[index];
    if (!kept || !gone.includes(entry)) continue;
    const lost = leaves(entry.fields, []).filter((path) => !has(kept.fields, path));
    const near = Math.max(0, ...lost.flatMap((path) => orphans.map((orphan) => sharedLength(path, orphan))));
    if (near === 0) continue;
    for (const orphan of orphans) {
      if (lost.some((path) => sharedLength(path, orphan) === near)) kept.fields = union(kept.fields, asSet(orphan));
    }
  }
  return unitedEntries(said);
}

function withoutStatus({ "f:status": _, ...fields }: FieldSet): FieldSet {
  return fields;
}

/** Paths to what a value has and nobody owns, down to its ends; a list is taken as a whole. */
function orphansOf(value: unknown, owned: FieldSet, path: readonly string[]): string[][] {
  if (Array.isArray(value) && !isLeaf(owned)) {
    return value.flatMap((item) =>
      Object.entries(owned).flatMap(([key, below]) =>
        names(key, item) && isObject(below) && !isLeaf(below) ? orphansOf(item, below, [...path, key]) : [],
      ),
    );
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([field, inner]) => {
    const here = [...path, `f:${field}`];
    const below = owned[`f:${field}`];
    if (!isObject(below)) return isObject(inner) && Object.keys(inner).length > 0 ? orphansOf(inner, {}, here) : [here];
    return isLeaf(below) ? [] : orphansOf(inner, below, here);
  });
}

function leaves(fields: FieldSet, path: readonly string[]): string[][] {
  return Object.entries(fields).flatMap(([key, below]) => {
    if (key === ".") return [];
    return isObject(below) && !isLeaf(below) ? leaves(below, [...path, key]) : [[...path, key]];
  });
}

function has(fields: FieldSet, path: readonly string[]): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return true;
  const below = fields[step];
  return isObject(below) && has(below, rest);
}

function sharedLength(a: readonly string[], b: readonly string[]): number {
  const different = a.findIndex((step, index) => step !== b[index]);
  return different < 0 ? a.length : different;
}

function asSet(path: readonly string[]): FieldSet {
  const [step, ...rest] = path;
  return step === undefined ? {} : { [step]: asSet(rest) };
}
