import { isObject } from "../../model/json.js";

/** IAM's policy documents, as far as they say who is meant. What isn't a document has no statements. */

export interface Statement {
  effect: string;
  actions: string[];
  /** By kind of principal: `AWS`, `Federated`, `Service`. */
  principals: Record<string, string[]>;
  /** By operator, then by key in small letters. */
  conditions: Record<string, Record<string, string[]>>;
}

export function statementsOf(document: string | undefined): Statement[] {
  const parsed = documentOf(document);
  const listed = [(parsed as { Statement?: unknown } | undefined)?.Statement].flat();
  return listed.filter(isObject).map((statement) => ({
    effect: String(statement.Effect),
    actions: texts(statement.Action),
    principals: isObject(statement.Principal)
      ? Object.fromEntries(Object.entries(statement.Principal).map(([kind, who]) => [kind, texts(who)]))
      : { AWS: texts(statement.Principal) },
    conditions: conditionsOf(statement.Condition),
  }));
}

/** Values of a condition's key, whatever compares them. */
export function valuesOf({ conditions }: Statement, key: string): string[] {
  return Object.values(conditions).flatMap((keys) => keys[key.toLowerCase()] ?? []);
}

/** IAM's wildcards: `*` and `?`. */
export function matches(pattern: string, text: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === text;
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(text);
}

/** IAM writes documents as a URL's part, other services as they are. */
export function documentOf(document: string | undefined): unknown {
  if (!document) return undefined;
  try {
    return JSON.parse(document.startsWith("%7B") ? decodeURIComponent(document) : document);
  } catch {
    return undefined;
  }
}

function conditionsOf(condition: unknown): Statement["conditions"] {
  if (!isObject(condition)) return {};
  return Object.fromEntries(
    Object.entries(condition).map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(isObject(keys) ? keys : {}).map(([key, values]) => [key.toLowerCase(), texts(values)]),
      ),
    ]),
  );
}

function texts(value: unknown): string[] {
  return [value].flat().filter((each) => typeof each === "string");
}
