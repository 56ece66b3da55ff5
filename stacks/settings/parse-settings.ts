import type { z } from "zod";
import { UserError } from "../../src/model/errors.js";
import { nearest } from "../../src/model/nearest.js";
import { type SchemaNode, schemaAt } from "../../src/model/schema-at.js";

/**
 * Untrusted settings to typed ones, with every error at once.
 *
 * @param at where the settings stand, as a person would look for it: `clustershift:cluster`. Errors start with it.
 * @throws UserError `config-invalid`: one line an error, each naming its key, such as
 *   `clustershift:cluster.groups[1].taints[0].effect: …`
 */
export function parseSettings<S extends z.ZodType>(schema: S, raw: unknown, at: string): z.output<S> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.flatMap((issue) => linesOf(issue, at, (path) => knownKeys(schema, path, raw)));
  throw new UserError({
    code: "config-invalid",
    what: lines.join("\n"),
    fix: "Mend these keys in the stack's configuration (Pulumi.<stack>.yaml). Nothing was made.",
  });
}

function knownKeys(schema: z.ZodType, path: readonly PropertyKey[], raw: unknown): string[] {
  return Object.keys(schemaAt(schema as unknown as SchemaNode, path, raw)?.shape ?? {});
}

function linesOf(issue: z.core.$ZodIssue, at: string, keysAt: (path: readonly PropertyKey[]) => string[]): string[] {
  const where = at + issue.path.map(pathSegment).join("");
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(issue.path);
    return issue.keys.map((key) => `${where}${pathSegment(key)}: there is no such setting${meant(key, known)}`);
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map((inner) => `${where}: ${inner.message}`);
  }
  return [`${where}: ${issue.message}`];
}

function meant(key: string, known: readonly string[]): string {
  const guess = nearest(key, known);
  if (guess !== undefined) return `: did you mean ${guess}?`;
  return known.length > 0 ? `; known here: ${known.join(", ")}` : "";
}

function pathSegment(segment: PropertyKey): string {
  if (typeof segment === "number") return `[${segment}]`;
  const key = String(segment);
  return /^[A-Za-z_][\w-]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
