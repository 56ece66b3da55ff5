import type { z } from "zod";
import { nearest } from "../model/nearest.js";
import { requiredKeys, type SchemaNode, schemaAt as schemaOf, valueAt } from "../model/schema-at.js";
import { configSchema } from "./schema.js";

export interface PathMistake {
  path: PropertyKey[];
  message: string;
}

/** What the words of a mistake are made from, beside the issue itself. */
export interface MistakeContext {
  document: unknown;
  /** A scalar as it is written in the file. */
  sourceAt(path: readonly PropertyKey[]): string | undefined;
}

const schemaAt = (path: readonly PropertyKey[], document: unknown): SchemaNode | undefined =>
  schemaOf(configSchema as unknown as SchemaNode, path, document);

/** One of zod's issues in words for the person who writes the file: what is wrong, and what to write instead. */
export function mistakesOf(issue: z.core.$ZodIssue, context: MistakeContext): PathMistake[] {
  const { path } = issue;
  const one = (message: string, at: PropertyKey[] = path): PathMistake[] => [{ path: at, message }];
  const isMissing = path.length > 0 && valueAt(path, context.document) === undefined;
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = Object.keys(schemaAt(path, context.document)?.shape ?? {});
      return issue.keys.flatMap((key) => one(unknownKey(key, known), [...path, key]));
    }
    case "invalid_type":
      return one(isMissing ? missing(path, context) : wrongType(issue.expected, path, context));
    case "invalid_value":
      return one(isMissing ? `is missing: write ${listed(issue.values)}` : wrongValue(issue.values, path, context));
    case "invalid_union":
      return issue.errors.length === 0
        ? one(unknownAlternative(issue, isMissing, context))
        : unionMistakes(issue, context);
    case "too_small":
    case "too_big": {
      // Said once: whole numbers beyond the safe ones are beyond any limit of ours too.
      if (issue.origin === "int") return [];
      const bound = issue.code === "too_small" ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
      return one(
        issue.origin === "array"
          ? `must have ${bound} ${issue.code === "too_small" && issue.minimum === 1 ? "entry" : "entries"}`
          : `must be ${bound}, but is ${context.sourceAt(path) ?? "not"}`,
      );
    }
    case "invalid_key":
      return issue.issues.flatMap((inner) => mistakesOf({ ...inner, path }, context));
    default:
      return one(issue.message);
  }
}

function unknownKey(key: string, known: readonly string[]): string {
  const guess = nearest(key, known);
  if (guess) return `is no known key: did you mean "${guess}"?`;
  return known.length > 0 ? `is no known key; known here: ${known.join(", ")}` : "is no known key";
}

/** What people call the types of YAML. */
const nouns: Record<string, string> = {
  array: "a list",
  object: "a mapping",
  record: "a mapping",
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

function missing(path: PropertyKey[], context: MistakeContext): string {
  return `is missing: ${whatBelongs(path, context)}`;
}

/** What to write at a path, by the schema's own example or keys. */
function whatBelongs(path: PropertyKey[], { document }: MistakeContext): string {
  const schema = schemaAt(path, document);
  const example = schema?.meta?.()?.examples?.[0];
  if (example !== undefined) return `write for example ${String(path.at(-1))}: ${JSON.stringify(example)}`;
  const keys = schema ? requiredKeys(schema) : [];
  if (keys.length > 0) return `write a mapping with ${keys.join(", ")}`;
  if (schema?.shape) return `write a mapping of ${Object.keys(schema.shape).join(", ")}`;
  if (schema?.def?.discriminator) return `write a mapping with ${schema.def.discriminator}`;
  return schema?.element ? 'write a list, "- " before each entry' : "write a value";
}

function wrongType(expected: string, path: PropertyKey[], context: MistakeContext): string {
  const value = valueAt(path, context.document);
  const source = context.sourceAt(path);
  if (value === null)
    return `has no value: ${whatBelongs(path, context)}${isOptional(path, context) ? ", or remove it" : ""}`;
  const must = `must be ${nouns[expected] ?? expected}`;
  if (expected === "string" && (typeof value === "number" || typeof value === "boolean")) {
    const written = source ?? String(value);
    return `${must}, but YAML reads ${written} as ${typeof value === "number" ? "a number" : "true or false"}: write "${written}" in quotes`;
  }
  if (typeof value === "string" && ["number", "int"].includes(expected) && /^\d+$/.test(value)) {
    return `${must}, but is the text "${value}": write ${value} without quotes`;
  }
  const instead = expected === "object" || expected === "array" ? `: ${whatBelongs(path, context)}` : "";
  return `${must}, but is ${kindOf(value, source)}${instead}`;
}

function isOptional(path: PropertyKey[], { document }: MistakeContext): boolean {
  const parent = schemaAt(path.slice(0, -1), document);
  return parent === undefined || !requiredKeys(parent).includes(String(path.at(-1)));
}

/** A text isn't repeated: it may be a secret that stands in the wrong place. */
function kindOf(value: unknown, source: string | undefined): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  return typeof value === "string" ? "a text" : (source ?? String(value));
}

function wrongValue(values: readonly unknown[], path: PropertyKey[], { document, sourceAt }: MistakeContext): string {
  const value = valueAt(path, document);
  const guess = typeof value === "string" ? nearest(value, values.map(String)) : undefined;
  const hint = guess !== undefined && values.length > 1 ? `: did you mean "${guess}"?` : "";
  return `must be ${listed(values)}, but is ${typeof value === "string" ? shortened(value) : kindOf(value, sourceAt(path))}${hint}`;
}

function shortened(text: string): string {
  return JSON.stringify(text.length > 24 ? `${text.slice(0, 24)}…` : text);
}

function listed(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(" or ");
}

/** No alternative has this discriminator: a check of an unknown kind. */
function unknownAlternative(issue: z.core.$ZodIssueInvalidUnion, isMissing: boolean, context: MistakeContext): string {
  const union = schemaAt(issue.path.slice(0, -1), context.document);
  const values = union?.options?.map((option) => literalOf(option.shape?.[String(issue.path.at(-1))])) ?? [];
  return isMissing ? `is missing: write ${listed(values)}` : wrongValue(values, issue.path, context);
}

function literalOf(schema: SchemaNode | undefined): unknown {
  return (schema as { value?: unknown } | undefined)?.value;
}

/** Alternatives that are told apart by their keys: the one whose key is there is the one that was meant. */
function unionMistakes(issue: z.core.$ZodIssueInvalidUnion, context: MistakeContext): PathMistake[] {
  const { path } = issue;
  const schema = schemaAt(path, context.document);
  if (schema?.shape) {
    const known = Object.keys(schema.shape);
    const meant = issue.errors.find((errors) => !errors.some((inner) => rejectsKey(inner, known))) ?? [];
    return meant.flatMap((inner) => mistakesOf({ ...inner, path: [...path, ...inner.path] }, context));
  }
  const keys = schema?.options?.flatMap(({ shape }) => Object.keys(shape ?? {})) ?? [];
  const value = valueAt(path, context.document);
  const one = (message: string): PathMistake[] => [{ path, message }];
  if (value === undefined) return one(`is missing: write a mapping with ${keys.join(" or ")}`);
  if (value === null) return one(`has no value: write a mapping with ${keys.join(" or ")}`);
  if (typeof value !== "object" || Array.isArray(value)) {
    return one(`must be a mapping with ${keys.join(" or ")}, but is ${kindOf(value, context.sourceAt(path))}`);
  }
  const given = Object.keys(value);
  if (given.length === 0) return one(`must have ${keys.join(" or ")}`);
  if (given.some((key) => keys.includes(key))) return one(`must have only one of ${keys.join(" and ")}`);
  return given.map((key) => ({ path: [...path, key], message: unknownKey(key, keys) }));
}

/** Whether this mistake is of an alternative that doesn't know these keys. */
function rejectsKey(issue: z.core.$ZodIssue, keys: readonly string[]): boolean {
  return issue.code === "unrecognized_keys" && issue.path.length === 0 && issue.keys.some((key) => keys.includes(key));
}
