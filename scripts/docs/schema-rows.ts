import { code, table } from "./page.js";

/** The parts of a JSON Schema that the configuration's uses. */
export interface Schema {
  /** Several where it may be any of them. */
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  format?: string;
  examples?: unknown[];
  description?: string;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
}

type Row = [key: string, type: string, fallback: string, what: string];

/** Inputs as a Markdown table. */
export function rowsTable(rows: Row[]): string {
  return table(["key", "type", "default", "what"], rows);
}

/** Whether it has keys that are known. */
export function isMapping(schema: Schema): boolean {
  return schema.properties !== undefined;
}

/** A key's own row, and those of what is in it. */
export function rows(path: string, schema: Schema, required: boolean): Row[] {
  const own: Row = [code(path), typeOf(schema), fallback(schema, required), whatOf(schema)];
  return [own, ...children(path, schema)];
}

/** The rows of what is in a key. */
export function children(path: string, schema: Schema): Row[] {
  if (schema.items) return children(`${path}[]`, schema.items);
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (alternatives) return alternatives.flatMap((each) => children(alternativePath(path, each), each));
  return Object.entries(schema.properties ?? {})
    .filter(([, each]) => each.const === undefined)
    .flatMap(([name, each]) => rows(`${path}.${name}`, each, schema.required?.includes(name) ?? false));
}

/** `smoke.checks[] (kind: http)`: the alternative by what tells it from the others. */
function alternativePath(path: string, alternative: Schema): string {
  const [mark] = Object.entries(alternative.properties ?? {}).filter(([, each]) => each.const !== undefined);
  return mark ? `${path}{${mark[0]}: ${String(mark[1].const)}}` : path;
}

/** The description, and an example where the type alone doesn't say how it is written. */
function whatOf({ description = "", examples: [example] = [], default: value }: Schema): string {
  if (example === undefined || value !== undefined) return description;
  return `${description} E.g. ${code(typeof example === "string" ? example : JSON.stringify(example))}`.trim();
}

function typeOf(schema: Schema): string {
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (alternatives) return alternatives.map(typeOf).filter(once).join(" or ");
  if (schema.const !== undefined) return code(String(schema.const));
  if (schema.enum) return schema.enum.map((value) => code(String(value))).join(", ");
  if (schema.items) return `list of ${plural(typeOf(schema.items))}`;
  if (schema.properties) return "mapping";
  if (schema.type === "object") return "mapping of keys to values";
  if (schema.format === "uri") return "URL";
  if (schema.type === "integer") return `whole number${range(schema)}`;
  const types = [schema.type ?? "any"].flat().map((type) => (type === "string" ? "text" : type));
  return types.join(" or ");
}

function plural(type: string): string {
  return { text: "texts", mapping: "mappings" }[type] ?? type.replace("whole number", "whole numbers");
}

function range({ minimum, maximum }: Schema): string {
  if (minimum === undefined || maximum === undefined) return "";
  // zod's own limit, and nobody's choice.
  return maximum === Number.MAX_SAFE_INTEGER ? `, at least ${minimum}` : `, ${minimum} to ${maximum}`;
}

function fallback({ default: value, properties }: Schema, required: boolean): string {
  if (required) return "needed";
  if (value === undefined || properties) return "";
  return code(typeof value === "string" ? value : JSON.stringify(value));
}

function once<T>(value: T, index: number, all: readonly T[]): boolean {
  return all.indexOf(value) === index;
}
