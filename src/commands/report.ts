import { readFile } from "node:fs/promises";
import type { Outcome } from "../model/accounting.js";
import { renderHtml, renderMarkdown } from "../report/render.js";
import { reportSections } from "../report/run-report.js";
import type { RunFolder } from "../run/run-folder.js";
import { statusOf } from "../run/status.js";
import { controlPlaneLogs } from "../sandbox/logs.js";
import type { Command } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { gatherEvidence, openProject } from "./shared/project.js";

export const reportCommand: Command = {
  name: "report",
  summary: "Write the run's report: timeline, accounting, checks, journal.",
  description:
    "Writes report.md and report.html into the run's folder, from the run's own files. The HTML is one file without scripts or addresses of others.",
  options: {},
  examples: [{ command: "clustershift report", what: "" }],
  async run(_args, context) {
    const project = await openProject(context);
    const run = await requireRun(project, context);
    const evidence = await gatherEvidence(project, run, context);
    const status = statusOf(evidence, project.limits);
    const { stack, name: greenName } = project.config.green;
    const logs = stack.kind === "sandbox" ? await controlPlaneLogs(context.edges.env, stack.sandbox, greenName) : [];
    const [outcomes, validation, teardown] = await Promise.all([
      readOutcomes(run),
      run.read("validation.json"),
      run.read("teardown.json"),
    ]);
    const sections = reportSections({
      ...evidence,
      ...{ run: run.id, status, outcomes, logs },
      ...(validation && { validation }),
      ...(teardown && { teardown }),
    });
    const title = `Migration of ${project.config.environment}: run ${run.id}`;
    const markdown = renderMarkdown(title, sections);
    await run.writeText("report.md", markdown);
    await run.writeText("report.html", renderHtml(title, sections));
    return {
      code: "ok",
      json: { run: run.id, markdown: run.path("report.md"), html: run.path("report.html"), sections },
      text: `Written to ${run.path("report.md")} and ${run.path("report.html")}`,
    };
  },
};

async function readOutcomes(run: RunFolder): Promise<Outcome[]> {
  const text = await readFile(run.path("replay.jsonl"), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Outcome);
}
