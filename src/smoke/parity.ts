import { refKey } from "../model/objects.js";
import { type Checker, failed, inconclusive, passed } from "./context.js";

/** Differences that are named. */
const mostNamed = 5;

/** Green holds what blue holds, as migrated: no difference that no rule declares. */
export const parity: Checker<"parity"> = async (_check, context) => {
  if (!context.parity) return inconclusive("Blue and green can't be compared here.");
  const { compared, declared, differences } = await context.parity();
  if (compared === 0) return inconclusive("No object was compared.");
  if (differences.length === 0) {
    const byRule = Object.values(declared).reduce((sum, count) => sum + count, 0);
    return passed(`${compared} objects compared: ${byRule} differences, all declared by a rule.`);
  }
  const named = differences.slice(0, mostNamed).map(({ object, kind, fields }) => {
    const paths = fields.map(({ path }) => path).slice(0, mostNamed);
    return `${refKey(object)} ${kind}${paths.length > 0 ? ` at ${paths.join(", ")}` : ""}`;
  });
  const more = differences.length > mostNamed ? `; and ${differences.length - mostNamed} more` : "";
  return failed(`${differences.length} of ${compared} objects differ without a rule: ${named.join("; ")}${more}.`);
};
