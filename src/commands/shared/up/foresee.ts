import { UserError } from "../../../model/errors.js";
import type { Violation } from "../../../model/policy.js";
import type { StackChange } from "../../../model/stack-change.js";
import { describeCounts, describeLoss, isIdle, losses } from "../../../provision/changes.js";
import { type CostChange, costChanges, describeCost } from "../../../provision/costs.js";
import { describeViolation, violations } from "../../../provision/policy/index.js";
import type { Context } from "../command.js";
import type { OpenStack } from "../green-stack.js";
import type { Project } from "../project.js";

/** What bringing green's stack up would do, by the engine's preview. */
export interface Foreseen {
  /** By the engine's words: `{ create: 41, same: 2 }`. */
  counts: Record<string, number>;
  /** All resources, in the engine's order. */
  changes: StackChange[];
  losses: StackChange[];
  costs: CostChange[];
  refused: Violation[];
}

export async function foresee(stack: OpenStack, { config }: Project, { edges }: Context): Promise<Foreseen> {
  const changes: StackChange[] = [];
  const counts = await stack.preview((_progress, change) => {
    if (change) changes.push(change);
  }, edges.signal);
  return {
    counts,
    changes,
    losses: losses(changes),
    costs: costChanges(changes),
    refused: violations(changes, config.green.policy),
  };
}

/** Properties stay out of it: they are long, and the preview of `pulumi preview --diff` shows them. */
export function foreseenJson({ counts, changes, losses: lost, costs, refused }: Foreseen) {
  const brief = ({ kind, type, name, because }: StackChange) => ({ kind, type, name, because });
  return {
    changes: counts,
    planned: changes.filter(({ kind }) => kind !== "same").map(brief),
    losses: lost.map(brief),
    costs,
    refused,
  };
}

export function describeForeseen({ changes, losses: lost, costs, refused }: Foreseen): string[] {
  return [
    `Would change: ${describeCounts(changes)}`,
    ...(lost.length > 0 ? ["Replaced or removed:", ...lost.map((change) => `  ${describeLoss(change)}`)] : []),
    ...(costs.length > 0 ? ["What is paid for:", ...costs.map((cost) => `  ${describeCost(cost)}`)] : []),
    ...(refused.length > 0 ? ["Refused by the policy:", ...refused.map((each) => `  ${describeViolation(each)}`)] : []),
  ];
}

/** @throws UserError `policy-refused` where green would have what production must not have */
export function requirePolicy({ refused }: Foreseen): void {
  if (refused.length === 0) return;
  const rules = [...new Set(refused.map(({ rule }) => rule))].join(", ");
  throw new UserError({
    code: "policy-refused",
    what: `Green would have what production must not have; nothing was made.\n${refused.map((each) => `  ${describeViolation(each)}`).join("\n")}`,
    fix: `Mend the settings of green's stack. Where it shall be so, name the rule (${rules}) under green.policy.off in clustershift.yaml, with the reason; a new plan and approval then says so.`,
  });
}

/**
 * Asks on a terminal whether all that was shown shall be done. Where nobody can be asked, what is only made and changed was agreed to
 * with the plan; what is replaced or removed needs --yes.
 *
 * @throws UserError `not-confirmed`
 */
export async function requireConsent(foreseen: Foreseen, yes: boolean, { edges, progress }: Context): Promise<void> {
  if (isIdle(foreseen.changes)) return;
  for (const line of describeForeseen(foreseen)) progress.line(line);
  if (yes) return;
  const count = foreseen.losses.length;
  if (!edges.ask) {
    if (count === 0) return;
    throw new UserError({
      code: "not-confirmed",
      what: `${count} resource(s) would be replaced or removed, and nobody can be asked:\n${foreseen.losses.map((change) => `  ${describeLoss(change)}`).join("\n")}`,
      fix: "If that is meant: clustershift up --yes.",
    });
  }
  const answer = await edges.ask(count > 0 ? `Do this, and lose ${count} of what is there? [y/N] ` : "Do this? [y/N] ");
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new UserError({ code: "not-confirmed", what: "Nothing was changed.", fix: "clustershift up, and answer y." });
}
