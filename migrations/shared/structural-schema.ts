import { isObject } from "../../src/model/json.js";
import type { JsonObject } from "../../src/model/objects.js";
import { isAbsent } from "./json.js";
import { alsoOutside } from "./value-validation.js";

const PRESERVE = "x-kubernetes-preserve-unknown-fields";
const INT_OR_STRING = "x-kubernetes-int-or-string";
const EMBEDDED = "x-kubernetes-embedded-resource";

/** What v1 refuses anywhere in a schema, and most of it v1beta1 too. */
const UNSUPPORTED = ["$ref", "$schema", "additionalItems", "definitions", "dependencies", "id", "patternProperties"];
const TYPES = ["array", "boolean", "integer", "number", "object", "string"];

/** The schema of any value, all of which is kept. */
export function anything(): JsonObject {
  return { [PRESERVE]: true };
}

/**
 * A schema that unknown fields got past, as the structural one that v1 asks for, with unknown fields kept at each object in
 * it. It is as strict as before wherever that can be said; otherwise it is looser, never stricter, and `loosened` names
 * the places.
 *
 * Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
export function structural(schema: JsonObject): { schema: JsonObject; loosened: string[] } {
  const loosened: string[] = [];
  const { nullable: _objectsAreNever, ...given } = schema;
  const root = node({ ...given, type: "object" }, "", loosened);
  if (!isAbsent(root.additionalProperties)) {
    delete root.additionalProperties;
    loosened.push("additionalProperties");
  }
  root[PRESERVE] = true;
  if (isObject(root.properties) && isObject(root.properties.metadata)) {
    root.properties.metadata = rootMetadata(root.properties.metadata, loosened);
  }
  return { schema: root, loosened };
}

function node(given: unknown, path: string, loosened: string[]): JsonObject {
  if (!isObject(given)) return anything();
  const { schema, types } = withoutTypes(intOrString({ ...given }));
  const at = (step: string) => (path === "" ? step : `${path}.${step}`);
  const drop = (field: string) => {
    delete schema[field];
    loosened.push(at(field));
  };

  for (const field of UNSUPPORTED) if (!isAbsent(schema[field])) drop(field);
  if (schema.uniqueItems === true) drop("uniqueItems");
  if (schema.type === "") delete schema.type;
  if (!isAbsent(schema.type) && !TYPES.includes(String(schema.type))) drop("type");
  if (schema[EMBEDDED] === true) schema.type = "object";
  if (isObject(schema.properties)) {
    const properties = Object.entries(schema.properties).map(([name, each]) => [name, node(each, at(name), loosened)]);
    schema.properties = Object.fromEntries(properties);
    if (path === "" || schema[EMBEDDED] === true) typed(schema.properties as JsonObject);
  }
  if (Array.isArray(schema.items)) drop("items");
  if (!isAbsent(schema.items) || schema.type === "array") schema.items = node(schema.items, at("items"), loosened);
  if (isObject(schema.additionalProperties)) {
    if (hasFields(schema.properties)) drop("additionalProperties");
    else schema.additionalProperties = node(schema.additionalProperties, at("*"), loosened);
  } else if (schema.additionalProperties === true) {
    // Any field, which is what keeping all of them says; and it would prune what these fields hold.
    delete schema.additionalProperties;
  } else if (!isAbsent(schema.additionalProperties)) {
    drop("additionalProperties");
  }
  if (schema[PRESERVE] !== true) delete schema[PRESERVE];
  const isMap = schema.type === "object" && isObject(schema.additionalProperties);
  const mayBeObject = isAbsent(schema.type) || schema.type === "object";
  if (mayBeObject && !isMap && schema[INT_OR_STRING] !== true) schema[PRESERVE] = true;
  loosened.push(...alsoOutside(schema, anything).map(at));
  return types === undefined ? schema : { ...schema, anyOf: [{ type: "integer" }, { type: "string" }] };
}

/** Either of two types is no structure, except for this one, which has a name of its own. */
function intOrString(schema: JsonObject): JsonObject {
  const typed = !isAbsent(schema.type) && schema.type !== "";
  const union = ["anyOf", "oneOf"].find((field) => isIntOrString(schema[field]));
  if (typed || union === undefined || schema[INT_OR_STRING] === true) return schema;
  const { [union]: _types, [PRESERVE]: _scalar, ...rest } = schema;
  return { ...rest, [INT_OR_STRING]: true };
}

/** Beside that name v1 lets the two types stand, and needs them no more. */
function withoutTypes(schema: JsonObject): { schema: JsonObject; types?: unknown } {
  if (schema[INT_OR_STRING] !== true || !isIntOrString(schema.anyOf)) return { schema };
  const { anyOf: types, ...rest } = schema;
  return { schema: rest, types };
}

function isIntOrString(union: unknown): boolean {
  if (!Array.isArray(union) || union.length !== 2) return false;
  const types = union.map((each: unknown) =>
    isObject(each) && Object.keys(each).length === 1 ? each.type : undefined,
  );
  return types.includes("integer") && types.includes("string");
}

/** These are texts in every object, and v1 asks that they are called so. */
function typed(properties: JsonObject): void {
  for (const name of ["apiVersion", "kind"]) {
    const property = properties[name];
    if (!isObject(property)) continue;
    const { [PRESERVE]: _, ...rest } = property;
    properties[name] = { ...rest, type: "string" };
  }
  const { metadata } = properties;
  if (isObject(metadata)) properties.metadata = { ...metadata, type: "object" };
}

/** Of the metadata v1 lets a schema restrict the name only. */
function rootMetadata(metadata: JsonObject, loosened: string[]): JsonObject {
  const { type: _type, description: _text, properties, [PRESERVE]: _all, ...rest } = metadata;
  const given = isObject(properties) ? Object.entries(properties) : [];
  const names = given.filter(([name]) => name === "name" || name === "generateName");
  if (Object.keys(rest).length > 0 || names.length < given.length) loosened.push("metadata");
  if (names.length === 0) return { type: "object" };
  const texts = names.map(([name, each]) => {
    const { [PRESERVE]: _scalar, ...property } = isObject(each) ? each : {};
    return [name, { ...property, type: "string" }];
  });
  return { type: "object", properties: Object.fromEntries(texts) };
}

function hasFields(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length > 0;
}
