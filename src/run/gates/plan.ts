import { planHash } from "../../model/plan.js";
import { isFinished } from "../evidence.js";
import { type Gate, refuse } from "./gate.js";

/** The run has a plan that is as it was approved, and has not ended. */
export const planGates = {
  notFinished: {
    id: "run-finished",
    check: ({ journal }) =>
      isFinished(journal)
        ? refuse("This run has ended: blue is gone.", "Begin the next one: clustershift plan")
        : undefined,
  },
  planExists: {
    id: "no-plan",
    check: ({ plan }) => (plan ? undefined : refuse("There is no plan in this run.", "clustershift plan")),
  },
  notBlocked: {
    id: "plan-blocked",
    check: ({ plan }) => {
      const blockers = plan?.findings.filter((finding) => finding.severity === "blocker") ?? [];
      if (blockers.length === 0) return undefined;
      return refuse(
        `The plan has ${blockers.length} blocker(s): ${[...new Set(blockers.map((finding) => finding.id))].join(", ")}.`,
        "Mend what `clustershift plan` lists as blockers, then plan again.",
      );
    },
  },
  approved: {
    id: "plan-not-approved",
    check: ({ approval }) =>
      approval ? undefined : refuse("Nobody has approved the plan.", "clustershift approve --by NAME"),
  },
  planIntact: {
    id: "plan-changed",
    check: ({ plan, configHash }) => {
      if (!plan) return undefined;
      const again = "clustershift plan && clustershift approve --by NAME";
      if (planHash(plan) !== plan.hash) return refuse("plan.json was edited: its hash doesn't fit its content.", again);
      if (plan.configHash !== configHash)
        return refuse("clustershift.yaml, or a module that it names, changed since the plan was made.", again);
      return undefined;
    },
  },
  approvalFits: {
    id: "plan-changed",
    check: ({ plan, approval }) => {
      if (!plan || !approval || approval.planHash === plan.hash) return undefined;
      return refuse(
        `The plan changed since ${approval.by} approved it (approved ${approval.planHash.slice(0, 12)}, is ${plan.hash.slice(0, 12)}).`,
        "clustershift approve --by NAME",
      );
    },
  },
} as const satisfies Record<string, Gate>;
