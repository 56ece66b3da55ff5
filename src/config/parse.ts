import { LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";
import { UserError } from "../model/errors.js";
import { nearest } from "./nearest.js";
import { type Config, configSchema } from "./schema.js";

interface Mistake {
  /** 1-based. */
  line: number;
  /** `traffic.steps[2]`; empty for the document as a whole. */
  path: string;
  message: string;
}

/**
 * Untrusted text to typed configuration. Throws one UserError that lists every mistake with its line and path, in the
 * order of the file.
 */
export function parseConfig(text: string, file: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (document.errors.length > 0) {
    throw invalid(
      file,
      document.errors.map((error) => ({ line: lines.linePos(error.pos[0]).line, path: "", message: error.message })),
    );
  }
  const parsed = configSchema.safeParse(document.toJS({ maxAliasCount: 100 }) ?? {}, { reportInput: true });
  if (parsed.success) return parsed.data;

  const lineOf = (path: PropertyKey[]): number => {
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true) as Node | undefined;
      if (node?.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  throw invalid(
    file,
    parsed.error.issues
      .flatMap((issue) => mistakesOf(issue))
      .map(({ path, message }) => ({
        line: lineOf(path),
        path: showPath(path),
        message,
      })),
  );
}

function invalid(file: string, mistakes: Mistake[]): UserError {
  const sorted = [...mistakes].sort((a, b) => a.line - b.line);
  return new UserError({
    code: "config-invalid",
    what: sorted.map(({ line, path, message }) => `${file}:${line}: ${path ? `${path} ` : ""}${message}`).join("\n"),
    fix: "docs/configuration.md describes every key; `clustershift init` writes a first file.",
  });
}

function mistakesOf(issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string }[] {
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: [...issue.path, key],
        message: `is no known key${suggest(key, issue.path)}`,
      }));
    case "invalid_type":
      return [
        {
          path: issue.path,
          message:
            issue.input === undefined
              ? `is missing: ${nouns[issue.expected] ?? issue.expected} belongs here`
              : typeMistake(issue.expected, issue.input),
        },
      ];
    case "invalid_union": {
      // The alternative that comes nearest is the one whose own mistakes help; without one, name the discriminator.
      const nearestAlternative = [...issue.errors].sort((a, b) => a.length - b.length)[0];
      if (!nearestAlternative?.length) {
        return [
          {
            path: [...issue.path],
            message: lower(issue.message).replace(/^invalid discriminator value. Expected/, "must be one of"),
          },
        ];
      }
      return nearestAlternative.flatMap((inner) => mistakesOf({ ...inner, path: [...issue.path, ...inner.path] }));
    }
    case "invalid_value":
      return [
        { path: issue.path, message: `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}` },
      ];
    case "too_small":
      return [
        {
          path: issue.path,
          message:
            issue.origin === "string"
              ? "must not be empty"
              : `must have at least ${issue.minimum}${issue.origin === "array" ? " entry" : ""}`,
        },
      ];
    default:
      return [{ path: issue.path, message: lower(issue.message) }];
  }
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

function typeMistake(expected: string, input: unknown): string {
  const got =
    input === null
      ? "nothing"
      : Array.isArray(input)
        ? "a list"
        : typeof input === "object"
          ? "a mapping"
          : JSON.stringify(input);
  const hint = expected === "string" && typeof input === "number" ? ` (put it in quotes: "${input}")` : "";
  return `must be ${nouns[expected] ?? expected}, but is ${got}${hint}`;
}

function lower(message: string): string {
  return /^[A-Z][a-z]/.test(message) ? message[0]?.toLowerCase() + message.slice(1) : message;
}

function suggest(key: string, path: PropertyKey[]): string {
  const guess = nearest(key, keysAt(path));
  return guess ? `: did you mean "${guess}"?` : "";
}

/** The keys that the schema knows at a path; none where the path runs through a union or a list of them. */
function keysAt(path: PropertyKey[]): string[] {
  let schema: unknown = configSchema;
  for (const step of path) {
    schema = typeof step === "number" ? unwrap(schema)?.element : unwrap(schema)?.shape?.[step as string];
  }
  return Object.keys(unwrap(schema)?.shape ?? {});
}

interface Unwrapped {
  shape?: Record<string, unknown>;
  element?: unknown;
}

function unwrap(schema: unknown): Unwrapped | undefined {
  let current = schema as { def?: { innerType?: unknown } } & Unwrapped;
  while (current?.def?.innerType) current = current.def.innerType as typeof current;
  return current;
}

function showPath(path: PropertyKey[]): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "");
}
