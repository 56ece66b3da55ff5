import { isObject } from "../../src/model/json.js";
import type { JsonObject } from "../../src/model/objects.js";
import { isAbsent } from "./json.js";

/** What a schema under allOf, anyOf, oneOf or not may say; it must not say what a value is, only check it. */
const CHECKS = new Set([
  ...["enum", "format", "pattern", "minLength", "maxLength", "minimum", "exclusiveMinimum", "maximum"],
  ...["exclusiveMaximum", "multipleOf", "minItems", "maxItems", "minProperties", "maxProperties", "required"],
]);
/** What may be left out there without a change of what is valid. */
const WORDS = new Set(["description", "title", "example", "externalDocs", "default"]);

/**
 * Makes the logic of one node structural: each field and item that it speaks of is specified outside of it too, as anything
 * where it wasn't. What can't be made so is taken out. The node is changed.
 *
 * @returns the fields taken out, each of which makes the schema looser: `oneOf`, `allOf[1]`
 */
export function alsoOutside(node: JsonObject, anything: () => JsonObject): string[] {
  const removed: string[] = [];
  if (Array.isArray(node.allOf)) {
    const kept: unknown[] = [];
    for (const [index, each] of node.allOf.entries()) {
      const checks = checksOnly(each, node, anything);
      if (checks) kept.push(checks);
      else removed.push(`allOf[${index}]`);
    }
    if (kept.length > 0) node.allOf = kept;
    else delete node.allOf;
  }
  // One of these loses its meaning without one of its parts.
  for (const field of ["anyOf", "oneOf"]) {
    const parts = node[field];
    if (isAbsent(parts)) continue;
    const checked = Array.isArray(parts) ? parts.map((each) => checksOnly(each, node, anything)) : [undefined];
    if (checked.includes(undefined)) {
      delete node[field];
      removed.push(field);
    } else node[field] = checked;
  }
  if (!isAbsent(node.not)) {
    const checks = checksOnly(node.not, node, anything);
    if (checks) node.not = checks;
    else {
      delete node.not;
      removed.push("not");
    }
  }
  return removed;
}

/** The checks of a schema, or undefined where it says more. `outside` is the node that it is about. */
function checksOnly(schema: unknown, outside: JsonObject, anything: () => JsonObject): JsonObject | undefined {
  if (!isObject(schema)) return undefined;
  const checks: JsonObject = {};
  for (const [field, value] of Object.entries(schema)) {
    if (WORDS.has(field) || isAbsent(value) || value === "") continue;
    if (value === false && field !== "additionalProperties") continue;
    if (CHECKS.has(field)) checks[field] = value;
    else if (field === "type") {
      // What is said outside needs no saying again.
      if (value !== outside.type || outside.nullable === true) return undefined;
    } else if (field === "not") {
      const not = checksOnly(value, outside, anything);
      if (!not) return undefined;
      checks.not = not;
    } else if (field === "allOf" || field === "anyOf" || field === "oneOf") {
      const parts = Array.isArray(value) ? value.map((each) => checksOnly(each, outside, anything)) : [undefined];
      if (parts.includes(undefined)) return undefined;
      checks[field] = parts;
    } else if (field === "items") {
      const items = checksOnly(value, specified(outside, "items", anything), anything);
      if (!items) return undefined;
      checks.items = items;
    } else if (field === "properties") {
      const properties = fieldChecks(value, outside, anything);
      if (!properties) return undefined;
      checks.properties = properties;
    } else return undefined;
  }
  return checks;
}

function fieldChecks(fields: unknown, outside: JsonObject, anything: () => JsonObject): JsonObject | undefined {
  // Fields of a map have no names of their own, and the metadata is not a definition's to judge.
  if (!isObject(fields) || !isAbsent(outside.additionalProperties) || "metadata" in fields) return undefined;
  const checks: JsonObject = {};
  for (const [name, field] of Object.entries(fields)) {
    if (!isObject(outside.properties)) outside.properties = {};
    const found = checksOnly(field, specified(outside.properties as JsonObject, name, anything), anything);
    if (!found) return undefined;
    checks[name] = found;
  }
  return checks;
}

function specified(of: JsonObject, field: string, anything: () => JsonObject): JsonObject {
  const present = of[field];
  if (isObject(present)) return present;
  const added = anything();
  of[field] = added;
  return added;
}
