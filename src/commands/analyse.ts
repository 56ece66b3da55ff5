import type { ExitCodeName } from "../model/exit-codes.js";
import type { CheckResult } from "../model/smoke.js";
import { verdictOf } from "../model/verdict.js";
import { smokeTable, textTable } from "../report/tables.js";
import { readJournal } from "../run/journal.js";
import { analyse } from "./shared/analysis.js";
import type { Command } from "./shared/command.js";
import { findRun } from "./shared/find-run.js";
import { openProject } from "./shared/project.js";

const codes: Record<CheckResult["outcome"], ExitCodeName> = {
  passed: "ok",
  failed: "checks-failed",
  inconclusive: "checks-inconclusive",
};

export const analyseCommand: Command = {
  name: "analyse",
  summary: "Make the checks that a cutover makes between its steps, now.",
  description:
    "Makes every check of traffic.analysis, as a cutover does after each step: answers of blue and green compared, Prometheus, CloudWatch, commands of the team's own. Writes nothing, so that checks can be tried long before the window. In checks, the stage is called analyse; the share is green's of now.",
  options: {},
  examples: [
    { command: "clustershift analyse", what: "" },
    { command: "clustershift analyse --output json", what: "for programs: each check with its outcome" },
  ],
  async run(_args, context) {
    const project = await openProject(context);
    const run = await findRun(project, context);
    const journal = run ? await readJournal(run.journalPath) : [];
    const green = await run?.read("green.json");
    const checks = await analyse(project, { stage: "analyse", journal, run: run?.id, green }, context);
    const { outcome, detail } = verdictOf(checks);
    const bad = checks.filter((check) => check.outcome !== "passed");
    return {
      code: codes[outcome],
      json: { outcome, checks },
      text:
        checks.length === 0
          ? "No checks are configured under traffic.analysis: that is no evidence."
          : [
              textTable(smokeTable({ checks })),
              "",
              bad.length === 0
                ? `All ${detail}.`
                : `${bad.length} of ${checks.length} checks did not pass. ${meanings[outcome]}`,
            ].join("\n"),
    };
  },
};

const meanings: Record<CheckResult["outcome"], string> = {
  passed: "",
  failed: "A cutover would move back now.",
  inconclusive: "A cutover would be held now, and move back after traffic.inconclusiveFor.",
};
