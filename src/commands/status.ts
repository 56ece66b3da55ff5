import { statusOf } from "../run/status.js";
import type { Command } from "./shared/command.js";
import { findRun, gatherEvidence, openProject } from "./shared/project.js";

export const statusCommand: Command = {
  name: "status",
  summary: "Say which phase, what holds it, what to run next, and how to go back.",
  description: "Reads the run's folder and answers at once; changes nothing, and asks neither cluster.",
  options: {},
  examples: [{ command: "clustershift status --output json", what: "for programs" }],
  async run(_args, context) {
    const project = await openProject(context);
    const run = await findRun(project, context);
    const status = statusOf(await gatherEvidence(project, run, context), project.limits);
    return {
      code: "ok",
      json: { run: run?.id ?? null, ...status },
      text: [
        `Run      ${run?.id ?? "none yet"}`,
        `Phase    ${status.phase}`,
        `Done     ${status.done.join(", ") || "nothing yet"}`,
        `Traffic  ${status.traffic === "between" ? "between blue and green: a cutover was interrupted" : `at ${status.traffic}`}`,
        ...status.held.map(({ gate, what, fix }) => `Held by  ${gate}: ${what} -> ${fix}`),
        `Next     ${status.next}`,
        `Way back ${status.wayBack}`,
      ].join("\n"),
    };
  },
};
