import type { TeamRule, Violation } from "../../model/policy.js";
import { like } from "../../model/selector.js";
import type { StackChange } from "../../model/stack-change.js";
import { placesAt, shown } from "../paths.js";

/** What a team's own rule has against a resource as it would be. */
export function teamViolations(
  { type, property, must, reason }: TeamRule,
  change: StackChange,
): Pick<Violation, "property" | "why" | "whatToDo">[] {
  if (change.after === undefined || !like(type, change.type)) return [];
  const places = placesAt(change.after, property);
  // A list without members has nothing at `list[*]`.
  const found = places.length > 0 || !("exist" in must && must.exist) ? places : [{ path: property, value: undefined }];
  return found
    .filter(({ value }) => !holds(must, value))
    .map(({ path, value }) => ({
      property: path,
      why: `it is ${shown(value)}, and must ${describe(must)}: ${reason.replace(/\.$/, "")}`,
      whatToDo: "Change the stack's settings, or the rule under green.policy.rules.",
    }));
}

function holds(must: TeamRule["must"], value: unknown): boolean {
  if ("exist" in must) return (value !== undefined && value !== null) === must.exist;
  if ("be" in must) return must.be.some((allowed) => allowed === value);
  if ("notBe" in must) return !must.notBe.some((refused) => refused === value);
  if ("like" in must) return value !== undefined && like(must.like, String(value));
  return value === undefined || !like(must.notLike, String(value));
}

function describe(must: TeamRule["must"]): string {
  if ("exist" in must) return must.exist ? "be there" : "not be there";
  if ("be" in must) return `be ${must.be.map(shown).join(" or ")}`;
  if ("notBe" in must) return `not be ${must.notBe.map(shown).join(" or ")}`;
  return "like" in must ? `be like ${must.like}` : `not be like ${must.notLike}`;
}
