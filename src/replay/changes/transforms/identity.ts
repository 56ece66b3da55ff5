import { isObject } from "../../../model/json.js";
import type { KubeObject } from "../../../model/objects.js";

/** What a transform made of an object, as far as it is still that object; throws an error that says what is wrong with it. */
export function stillTheSame(before: KubeObject, after: unknown): KubeObject {
  if (!isObject(after)) throw new Error(`gives ${nounOf(after)}, which is no object`);
  const { apiVersion, kind, metadata } = after;
  if (!isObject(metadata)) throw new Error("leaves the object without metadata");
  for (const [field, was, is] of [
    ["apiVersion", before.apiVersion, apiVersion],
    ["kind", before.kind, kind],
    ["metadata.name", before.metadata.name, metadata.name],
    ["metadata.namespace", before.metadata.namespace, metadata.namespace],
  ] as const) {
    if (was !== is) throw new Error(`changes ${field}, which tells the object from others; only a rename does`);
  }
  return after as KubeObject;
}

/**
 * A copy that is nothing but JSON (with a bigint where an integer is too long for a number). A field that is undefined is left out, as in JSON; what JSON can't hold throws, and is
 * named by its JSON pointer.
 */
export function plainJson(value: unknown): unknown {
  const above: unknown[] = [];
  const copy = (each: unknown, pointer: string): unknown => {
    if (each === null || typeof each === "string" || typeof each === "boolean") return each;
    if ((typeof each === "number" && Number.isFinite(each)) || typeof each === "bigint") return each;
    if (typeof each !== "object" || !(Array.isArray(each) || isPlain(each)))
      throw new Error(`gives ${nounOf(each)} at ${pointer || "the top"}, which JSON can't hold`);
    if (above.includes(each)) throw new Error(`gives what holds itself at ${pointer || "the top"}`);
    above.push(each);
    const made = Array.isArray(each)
      ? each.map((item, index) => copy(item, `${pointer}/${index}`))
      : Object.fromEntries(
          Object.entries(each)
            .filter(([, inner]) => inner !== undefined)
            .map(([field, inner]) => [
              field,
              copy(inner, `${pointer}/${field.replaceAll("~", "~0").replaceAll("/", "~1")}`),
            ]),
        );
    above.pop();
    return made;
  };
  return copy(value, "");
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function nounOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "a list";
  if (value instanceof Promise) return "a promise";
  if (typeof value === "object") return `a ${value.constructor?.name ?? "thing"}`;
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : `a ${typeof value}`;
}
