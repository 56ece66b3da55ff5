import type { Step } from "./context.js";

/**
 * `{{green}}` in a query becomes green's name, and so for blue, stage, share and run. In PromQL and in CloudWatch's expressions they
 * stand in double quotes, so that a name can't end its text.
 */
export function fill(query: string, { id, share, run, blue, green }: Step): string {
  const values: Record<string, string> = { stage: id, share: String(share), run, blue, green };
  return query.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? whole : value.replace(/["\\]/g, "\\$&");
  });
}
