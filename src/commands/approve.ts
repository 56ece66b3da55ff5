import { userInfo } from "node:os";
import { type Approval, approvalsOf, type Proof } from "../model/approval.js";
import { messageOf, UserError } from "../model/errors.js";
import type { Plan } from "../model/plan.js";
import { planMarkdown } from "../plan/markdown.js";
import { identify, type Judgement, judge } from "../run/approval/judge.js";
import type { Evidence } from "../run/evidence.js";
import { howToApprove } from "../run/gates/approval.js";
import { checkGates } from "../run/gates/index.js";
import { type Command, dryRunOption, forceOptions } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { gatherEvidence, openProject, type Project } from "./shared/project.js";
import { proofOf, signingCommand } from "./shared/proof.js";
import { describeGates, forceOf, underGates } from "./shared/under-gates.js";

export const approveCommand: Command = {
  name: "approve",
  summary: "Bind a name and a time to the plan's hash.",
  description:
    "Approves the run's plan as it is now. A plan or configuration that changes afterwards is not approved any more. Nothing after `plan` that has an effect on green or traffic runs without it. Where approval.approvers names who may, a name is not enough: AWS says whose the credentials are, or an SSH key signs the plan's hash. Each person counts once, and approving again changes nothing.",
  options: {
    by: { type: "string", describe: "Who approves. Default: the user of this machine, or who the proof shows." },
    aws: { type: "boolean", default: false, describe: "Show who approves by the AWS credentials at hand." },
    "ssh-key": { type: "string", describe: "Sign the plan's hash with this key, by ssh-keygen." },
    signature: { type: "string", describe: "File with a signature of the plan's hash that was made elsewhere." },
    comment: { type: "string", describe: "A ticket, or what was agreed." },
    ...dryRunOption,
    ...forceOptions,
  },
  examples: [
    { command: 'clustershift approve --by "Jo Berg" --comment CHG-1234', what: "after reading plan.md" },
    { command: "clustershift approve --aws", what: "as who AWS knows these credentials" },
    { command: "clustershift approve --ssh-key ~/.ssh/id_ed25519", what: "signed" },
  ],
  async run(args, context) {
    const project = await openProject(context);
    const run = await requireRun(project, context);
    if (String(args.by ?? "x").trim() === "")
      throw new UserError({ code: "usage", what: "--by is empty.", fix: "clustershift approve --by NAME" });

    if (args.dryRun) {
      const evidence = await gatherEvidence(project, run, context);
      const gates = checkGates("approve", evidence, project.limits);
      const plan = planOf(evidence);
      const judgement = judgeNow(plan, approvalsOf(evidence.approval), evidence, project);
      return {
        code: "ok",
        json: {
          dryRun: true,
          plan: plan.hash,
          gates: gates.map(({ gate, refusal }) => ({ gate: gate.id, refusal: refusal ?? null })),
          approved: judgement.counted.map(({ person }) => person),
          missing: missing(judgement, project),
          sign: signingCommand(plan.hash),
        },
        text: [
          "Gates",
          ...describeGates(gates).map((gate) => `  ${gate}`),
          `Plan ${plan.hash.slice(0, 12)} of run ${run.id} would be approved.`,
          ...describeJudgement(judgement, project),
          `To sign it elsewhere: ${signingCommand(plan.hash)}`,
        ].join("\n"),
      };
    }

    return underGates("approve", project, run, context, forceOf(args), async ({ evidence, journal }) => {
      const plan = planOf(evidence);
      const proof = await proofOf(args, plan.hash, project, context);
      const comment = args.comment === undefined ? {} : { comment: String(args.comment) };
      const at = context.edges.now().toISOString();
      const { approval, person } = identified(
        { planHash: plan.hash, by: String(args.by ?? "").trim(), at, ...comment, proof },
        evidence,
        project,
      );
      const others = approvalsOf(evidence.approval).filter(({ planHash }) => planHash === plan.hash);
      const before = judgeNow(plan, others, evidence, project);
      const own = before.counted.find((each) => each.person === person);
      const approvals = own ? others : [...others, approval];
      if (!own) {
        const { by } = approval;
        const arn = proof.kind === "aws" ? { arn: proof.arn } : {};
        // The journal's word first: an approval by AWS that it doesn't know counts for nothing.
        const data = { by, plan: plan.hash, proof: proof.kind, ...arn };
        await journal.append({ type: "event", phase: "approve", event: "approved", data });
        await run.write("approval.json", { format: 2, approvals });
        await run.writeText("plan.md", planMarkdown(plan, { format: 2, approvals }));
      }
      const judgement = judgeNow(plan, approvals, { ...evidence, journal: journal.entries() }, project);
      const who = own ? `was approved by ${own.approval.by} already` : `is approved by ${approval.by}`;
      return {
        code: "ok",
        json: {
          approval: own?.approval ?? approval,
          again: own !== undefined,
          approved: judgement.counted.map((each) => each.person),
          missing: missing(judgement, project),
        },
        text: [
          `Plan ${plan.hash.slice(0, 12)} of run ${run.id} ${who}.`,
          ...describeJudgement(judgement, project),
          `Next: ${judgement.lacks ? howToApprove(project.limits.approval) : "clustershift up"}`,
        ].join("\n"),
      };
    });
  },
};

function planOf({ plan }: Evidence): Plan {
  if (plan) return plan;
  throw new UserError({ code: "no-plan", what: "There is no plan in this run.", fix: "clustershift plan" });
}

function judgeNow(plan: Plan, approvals: readonly Approval[], evidence: Evidence, { limits }: Project): Judgement {
  const { now, journal, allowedSigners } = evidence;
  return judge(plan.hash, approvals, limits.approval, { now, journal, allowedSigners, author: plan.author });
}

/** Who approves, and by which name. An approval that would not count is refused now rather than at three in the morning. */
function identified(
  approval: Approval,
  { now, journal, allowedSigners }: Evidence,
  { limits }: Project,
): { approval: Approval; person: string } {
  const { proof, planHash } = approval;
  const by = approval.by || nameOf(proof);
  try {
    // It isn't in the journal yet.
    const said = { ...said0, data: { plan: planHash, ...(proof.kind === "aws" && { arn: proof.arn }) } };
    const circumstances = { now, allowedSigners, journal: [...journal, { ...said, seq: 0, at: approval.at, sum: "" }] };
    const { key, name } = identify({ ...approval, by }, limits.approval, circumstances);
    return { approval: { ...approval, by: approval.by || name || by }, person: key };
  } catch (error) {
    throw new UserError({
      code: "plan-not-approved",
      what: `This approval would not count: ${messageOf(error)}.`,
      fix: howToApprove(limits.approval),
    });
  }
}

const said0 = { type: "event", phase: "approve", event: "approved" } as const;

function nameOf(proof: Proof): string {
  return proof.kind === "aws" ? (proof.arn.split("/").at(-1) ?? proof.arn) : userInfo().username;
}

function missing({ counted, lacks }: Judgement, { limits }: Project): number {
  return Math.max(limits.approval.required - counted.length, lacks === undefined ? 0 : 1);
}

function describeJudgement({ counted, rejected, lacks }: Judgement, { limits }: Project): string[] {
  const { required } = limits.approval;
  return [
    ...(required > 1 ? [`${counted.length} of ${required} approvals.`] : []),
    ...rejected.map(({ approval, why }) => `${approval.by}'s doesn't count: ${why}.`),
    ...(lacks !== undefined && counted.length >= required ? [lacks] : []),
  ];
}
