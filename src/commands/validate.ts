import { UserError } from "../model/errors.js";
import type { ValidationReport } from "../model/validation.js";
import { textTable, validationTable } from "../report/tables.js";
import { connectGreen } from "./shared/clusters.js";
import { type Command, dryRunOption } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { milliseconds, openProject } from "./shared/project.js";
import { withJournal } from "./shared/under-gates.js";
import { checkNames, expectedOf, validateGreen } from "./shared/validate.js";

export const validateCommand: Command = {
  name: "validate",
  summary: "Look at green for a while, and say whether it stands.",
  description:
    "What up does at its end, by itself and at any time: version, Ready nodes of each group in each zone and without pressure, controllers, system workloads and pods, DNS, and of an EKS green its managed add-ons and the free addresses for what migrate brings. Everything must hold for green.validate.steady, since a cluster that flaps passes once. With green.validate.image a pod from each zone resolves a name and reaches the API and every other zone. What can't be checked is inconclusive, and never passed. Writes validation.json.",
  options: {
    wait: {
      type: "boolean",
      default: false,
      describe: "Don't end with the first look that fails: wait for it up to green.readyTimeout.",
    },
    ...dryRunOption,
  },
  examples: [
    { command: "clustershift validate", what: "" },
    { command: "clustershift validate --wait", what: "after a change of green's nodes" },
  ],
  async run(args, context) {
    const project = await openProject(context);
    const run = await requireRun(project, context);
    if (args.dryRun) {
      const checks = checkNames(project);
      return {
        code: "ok",
        json: { dryRun: true, checks },
        text: `Would check:\n${checks.map((name) => `  ${name}`).join("\n")}`,
      };
    }
    const [record, plan] = await Promise.all([run.read("green.json"), run.read("plan.json")]);
    if (!record)
      throw new UserError({ code: "green-missing", what: "There is no green to look at.", fix: "clustershift up" });
    return withJournal("validate", project, run, context, async ({ journal }) => {
      const kube = await connectGreen(project, run, record, context);
      try {
        const patienceMs = args.wait ? milliseconds(project.config.green.readyTimeout) : 0;
        const expected = expectedOf(project, record, plan?.green);
        const { report } = await validateGreen(project, expected, kube, patienceMs, context);
        await run.write("validation.json", report);
        const { outcome, checks } = report;
        await journal.append({
          type: "event",
          phase: "up",
          event: "validated",
          data: { outcome, checks: checks.length },
        });
        return {
          code: ({ passed: "ok", failed: "checks-failed", inconclusive: "checks-inconclusive" } as const)[outcome],
          json: { report },
          text: [textTable(validationTable(report)), "", conclusion(report)].join("\n"),
        };
      } finally {
        await kube.close();
      }
    });
  },
};

function conclusion({ outcome, checks, steady }: ValidationReport): string {
  const bad = checks.filter((check) => check.outcome === outcome).length;
  if (outcome === "passed")
    return `Green stands: ${checks.length} checks held for ${Math.round(steady.ms / 1000)} s (${steady.looks} looks).`;
  return outcome === "failed"
    ? `${bad} of ${checks.length} checks failed.`
    : `${bad} of ${checks.length} checks could not be made.`;
}
