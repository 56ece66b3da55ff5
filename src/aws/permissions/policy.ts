import { UserError } from "../../model/errors.js";
import { needs } from "./needs.js";
import type { Phase } from "./phases.js";
import { type Grant, type Place, places } from "./places.js";
import type { Scope } from "./scope.js";
import { clusterNeeds, foundationNeeds, functionNeeds, type ResourceNeeds } from "./stack-needs.js";
import { sweepNeeds } from "./sweep-needs.js";

/** A policy document of IAM. */
export interface Policy {
  Version: "2012-10-17";
  Statement: Statement[];
}

export interface Statement {
  Sid: string;
  Effect: "Allow";
  Action: string[];
  Resource: string[];
  Condition?: Grant["conditions"];
}

/** Characters that IAM takes in a managed policy; blanks between don't count. */
export const mostCharacters = 6_144;

/** An action and where. */
export type Allowed = readonly [place: Place, action: string];

/** All that a phase may do, each once. */
export function allowedIn(phase: Phase, scope: Scope): Allowed[] {
  const own = needs
    .filter((need) => need.phases.includes(phase) && (need.of?.(scope, phase) ?? true))
    .map(({ place, action }): Allowed => [place, action]);
  return [...own, ...besides(phase, scope)];
}

/** Stacks and the sweep have tables of their own. */
function besides(phase: Phase, scope: Scope): Allowed[] {
  if (phase === "up") return ofResources(clusterNeeds, "make", "read", "remove");
  if (phase === "foundation") {
    const looks = Object.values(functionNeeds).flatMap(flat);
    return [...looks, ...ofResources(foundationNeeds, "make", "read", "remove")];
  }
  if (phase !== "teardown") return [];
  const sweep = sweepNeeds.map(([place, action]): Allowed => [place, action]);
  return scope.blueIsStack ? [...ofResources(clusterNeeds, "read", "remove"), ...sweep] : sweep;
}

function ofResources(table: Record<string, ResourceNeeds>, ...parts: (keyof ResourceNeeds)[]): Allowed[] {
  return Object.values(table).flatMap((each) => parts.flatMap((part) => flat(each[part])));
}

function flat(rows: ResourceNeeds["make"]): Allowed[] {
  return rows.flatMap(([place, ...actions]) => actions.map((action): Allowed => [place, action]));
}

/**
 * What a phase needs and no more, as documents of which IAM takes each: as many as its size asks for.
 *
 * @throws UserError `config-invalid` where a list of names is too long for any policy
 */
export function policiesFor(phase: Phase, scope: Scope): Policy[] {
  // A blue that a stack made is the green of a run before: what takes it away is named after it.
  const ofBlue = { ...scope, green: scope.blue };
  const stacked = new Set<Place>(
    Object.values(clusterNeeds).flatMap(({ read, remove }) => [...read, ...remove].map(([place]) => place)),
  );
  const byPlace = new Map<Place, Set<string>>();
  for (const [place, action] of allowedIn(phase, scope))
    byPlace.set(place, (byPlace.get(place) ?? new Set()).add(action));
  const statements = [...byPlace].flatMap(([place, actions]) =>
    statementsAt(place, [...actions].sort(), phase === "teardown" && stacked.has(place) ? ofBlue : scope),
  );
  return packed(statements);
}

function statementsAt(place: Place, actions: string[], scope: Scope): Statement[] {
  const at = (where: Place) =>
    places[where](scope).map(
      (grant, index): Statement => ({
        Sid: `${pascal(where)}${index === 0 ? "" : index + 1}`,
        Effect: "Allow",
        Action: actions,
        Resource: grant.resources,
        ...(grant.conditions && { Condition: grant.conditions }),
      }),
    );
  const statements = at(place);
  const tooLong = place === "records" && statements.some((statement) => sizeOf([statement]) > mostCharacters);
  return tooLong ? at("records-of-zones") : statements;
}

/** The statements in as few documents as they fit in, in their order. */
function packed(statements: readonly Statement[]): Policy[] {
  const documents: Statement[][] = [];
  for (const statement of statements) {
    if (sizeOf([statement]) > mostCharacters) throw tooLarge(statement);
    const last = documents.at(-1);
    if (last && sizeOf([...last, statement]) <= mostCharacters) last.push(statement);
    else documents.push([statement]);
  }
  return documents.map((Statement) => ({ Version: "2012-10-17", Statement }));
}

function sizeOf(Statement: Statement[]): number {
  return JSON.stringify({ Version: "2012-10-17", Statement }).length;
}

function tooLarge({ Sid }: Statement): UserError {
  return new UserError({
    code: "config-invalid",
    what: `The statement ${Sid} is longer than the ${mostCharacters} characters that IAM takes in a policy.`,
    fix: "Name fewer listeners, groups or zones in one clustershift.yaml, and migrate them in several runs.",
  });
}

/** `foundation-key` -> `FoundationKey`: IAM takes letters and digits. */
function pascal(place: string): string {
  return place.replaceAll(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
}
