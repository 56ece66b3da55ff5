import { isObject } from "../../model/json.js";
import type { JsonObject, KubeObject } from "../../model/objects.js";
import type { ManagerEntry } from "./entries.js";
import { extract, type FieldSet, isLeaf } from "./field-set.js";

/*
 * Seen in 1.35: every update of an autoscaler that has binary quantities in its metrics (`400Mi`), also of a label
 * alone, makes its writer the manager of spec.metrics: the quantity that is read isn't equal to the same one that is stored.
 * Only a server-side apply takes it from there, and only if it changes something: so it says the same amount in other words,
 * which the server stores in its own.
 */

/** The server-side apply by which a manager takes over what it should own, without changing it. */
export function appliedBy({ fields }: ManagerEntry, live: KubeObject, taken: FieldSet): KubeObject {
  const { apiVersion, kind, metadata, ...body } = live;
  const said = inOtherWords(extract(fields, { metadata, ...body }), taken) as JsonObject;
  const { name, namespace } = metadata;
  return {
    apiVersion,
    kind,
    ...said,
    metadata: { ...(isObject(said.metadata) ? said.metadata : {}), name, ...(namespace && { namespace }) },
  };
}

/** `400Mi` is `0.390625Gi`, wherever it stands in the fields that are to be taken. */
function inOtherWords(value: unknown, taken: FieldSet): unknown {
  if (isLeaf(taken)) return rewritten(value);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => {
      const below = taken[`f:${field}`];
      return [field, isObject(below) ? inOtherWords(inner, below) : inner];
    }),
  );
}

const units = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

function rewritten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewritten);
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, rewritten(inner)]));
  }
  const [, amount, unit = ""] = /^(\d{1,9})([KMGTP]i)$/.exec(String(value)) ?? [];
  return typeof value === "string" && amount ? `${Number(amount) / 1024}${units[units.indexOf(unit) + 1]}` : value;
}
