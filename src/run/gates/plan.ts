import { planHash } from "../../model/plan.js";
import { isFinished } from "../evidence.js";
import { type Gate, refuse } from "./gate.js";

/** The run has a plan that is as it was made, and has not ended. */
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
} as const satisfies Record<string, Gate>;
