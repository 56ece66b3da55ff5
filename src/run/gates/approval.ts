import { approvalsOf } from "../../model/approval.js";
import { type ApprovalRules, judge } from "../approval/judge.js";
import { type Gate, refuse } from "./gate.js";

/** The plan as it is now is what people agreed to. */
export const approvalGates = {
  approved: {
    id: "plan-not-approved",
    check: ({ plan, approval, journal, allowedSigners, now }, { approval: rules }) => {
      const approvals = approvalsOf(approval);
      // Where all are of another plan, the next gate says so.
      if (!plan || (approvals.length > 0 && approvals.every(({ planHash }) => planHash !== plan.hash))) {
        return approvals.length > 0 ? undefined : refuse("Nobody has approved the plan.", howToApprove(rules));
      }
      const circumstances = { now, journal, allowedSigners, author: plan.author };
      const its = approvals.filter(({ planHash }) => planHash === plan.hash);
      const { lacks } = judge(plan.hash, its, rules, circumstances);
      return lacks === undefined ? undefined : refuse(lacks, howToApprove(rules));
    },
  },
  approvalFits: {
    id: "plan-changed",
    check: ({ plan, approval }, { approval: rules }) => {
      const approvals = approvalsOf(approval);
      const latest = approvals.at(-1);
      if (!plan || !latest || approvals.some(({ planHash }) => planHash === plan.hash)) return undefined;
      return refuse(
        `The plan changed since ${latest.by} approved it (approved ${latest.planHash.slice(0, 12)}, is ${plan.hash.slice(0, 12)}).`,
        howToApprove(rules),
      );
    },
  },
} as const satisfies Record<string, Gate>;

/** The command by which another person approves. */
export function howToApprove({ approvers }: ApprovalRules): string {
  if (approvers.length === 0) return "clustershift approve --by NAME";
  const ways = [
    ...(approvers.some(({ aws }) => aws !== undefined) ? ["clustershift approve --aws"] : []),
    ...(approvers.some(({ ssh }) => ssh !== undefined) ? ["clustershift approve --ssh-key KEY"] : []),
  ];
  return `${ways.join(", or ")} (${approvers.map(({ name }) => name).join(", ")} may)`;
}
