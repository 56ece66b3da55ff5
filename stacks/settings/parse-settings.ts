import type { z } from "zod";
import { UserError } from "../../src/model/errors.js";

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
  const lines = parsed.error.issues.flatMap((issue) => linesOf(issue, at));
  throw new UserError({
    code: "config-invalid",
    what: lines.join("\n"),
    fix: "Mend these keys in the stack's configuration (Pulumi.<stack>.yaml). Nothing was made.",
  });
}

function linesOf(issue: z.core.$ZodIssue, at: string): string[] {
  const where = at + issue.path.map(pathSegment).join("");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${where}${pathSegment(key)}: there is no such setting`);
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map((inner) => `${where}: ${inner.message}`);
  }
  return [`${where}: ${issue.message}`];
}

function pathSegment(segment: PropertyKey): string {
  if (typeof segment === "number") return `[${segment}]`;
  const key = String(segment);
  return /^[A-Za-z_][\w-]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
