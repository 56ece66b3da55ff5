import { userInfo } from "node:os";
import { UserError } from "../model/errors.js";
import type { Approval } from "../model/run.js";
import { planMarkdown } from "../plan/markdown.js";
import { type Command, dryRunOption, forceOptions } from "./shared/command.js";
import { openProject, requireRun } from "./shared/project.js";
import { forceOf, underGates } from "./shared/under-gates.js";

export const approveCommand: Command = {
  name: "approve",
  summary: "Bind a name and a time to the plan's hash.",
  description:
    "Approves the run's plan as it is now. A plan or configuration that changes afterwards is not approved any more. Nothing after `plan` that has an effect on green or traffic runs without it.",
  options: {
    by: { type: "string", describe: "Who approves. Default: the user of this machine." },
    comment: { type: "string", describe: "A ticket, or what was agreed." },
    ...dryRunOption,
    ...forceOptions,
  },
  examples: [{ command: 'clustershift approve --by "Jo Berg" --comment CHG-1234', what: "after reading plan.md" }],
  async run(args, context) {
    const { edges } = context;
    const project = await openProject(context);
    const run = await requireRun(project, context);
    const by = String(args.by ?? userInfo().username).trim();
    if (by === "")
      throw new UserError({ code: "usage", what: "--by is empty.", fix: "clustershift approve --by NAME" });
    return underGates("approve", project, run, context, forceOf(args), async ({ evidence, journal }) => {
      const { plan } = evidence;
      if (!plan)
        throw new UserError({ code: "no-plan", what: "There is no plan in this run.", fix: "clustershift plan" });
      const approval: Approval = {
        format: 1,
        planHash: plan.hash,
        by,
        at: edges.now().toISOString(),
        ...(args.comment !== undefined && { comment: String(args.comment) }),
      };
      const text = `Plan ${plan.hash.slice(0, 12)} of run ${run.id} ${args.dryRun ? "would be" : "is"} approved by ${by}.`;
      if (args.dryRun) return { code: "ok", json: { dryRun: true, approval }, text };
      await run.write("approval.json", approval);
      await run.writeText("plan.md", planMarkdown(plan, approval));
      await journal.append({ type: "event", phase: "approve", event: "approved", data: { by, plan: plan.hash } });
      return { code: "ok", json: { approval }, text: `${text}\nNext: clustershift up` };
    });
  },
};
