import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { UserError } from "../model/errors.js";
import { smokeJunit } from "../report/junit.js";
import { smokeTable, textTable } from "../report/tables.js";
import { connectGreen } from "./shared/clusters.js";
import { type Command, dryRunOption, forceOptions } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { openProject } from "./shared/project.js";
import { checkGreen } from "./shared/smoke.js";
import { forceOf, underGates } from "./shared/under-gates.js";

export const smokeCommand: Command = {
  name: "smoke",
  summary: "Check green under production's names, before any traffic moves.",
  description:
    "Makes every check of smoke.checks against green's own addresses: http, tcp, udp-syslog, dns, tls, ready workloads, parity. The result is the evidence without which cutover refuses. What can't be checked doesn't pass.",
  options: {
    junit: { type: "string", describe: "Write JUnit XML to this file too." },
    ...dryRunOption,
    ...forceOptions,
  },
  examples: [{ command: "clustershift smoke --junit smoke.xml", what: "" }],
  async run(args, context) {
    const project = await openProject(context);
    const { checks } = project.config.smoke;
    const run = await requireRun(project, context);
    if (args.dryRun) {
      return {
        code: "ok",
        json: { dryRun: true, checks },
        text: `Would check:\n${checks.map(({ kind, name }) => `  ${kind.padEnd(10)} ${name}`).join("\n")}`,
      };
    }
    return underGates("smoke", project, run, context, forceOf(args), async ({ evidence, journal }) => {
      const { green, plan } = evidence;
      if (!green || !plan)
        throw new UserError({ code: "green-missing", what: "There is no green to check.", fix: "clustershift up" });
      const kube = await connectGreen(project, run, green, context);
      try {
        const report = await checkGreen(project, run, { record: green, kube }, plan.hash, checks, context);
        await run.write("smoke.json", report);
        await run.writeText("smoke.junit.xml", smokeJunit(report));
        if (args.junit !== undefined)
          await writeFile(resolve(context.edges.cwd, String(args.junit)), smokeJunit(report));
        const bad = report.checks.filter(({ outcome }) => outcome !== "passed");
        await journal.append({
          type: "event",
          phase: "smoke",
          event: report.passed ? "passed" : "failed",
          data: { checks: report.checks.length, notPassed: bad.length },
        });
        return {
          code: report.passed ? "ok" : "checks-failed",
          json: { report },
          text: [
            checks.length > 0
              ? textTable(smokeTable(report))
              : "No checks are configured under smoke.checks: that is no evidence.",
            "",
            report.passed
              ? `All ${report.checks.length} checks passed.\nNext: clustershift cutover`
              : `${bad.length} of ${report.checks.length} checks did not pass. Traffic stays at blue.`,
          ].join("\n"),
        };
      } finally {
        await kube.close();
      }
    });
  },
};
