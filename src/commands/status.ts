import { describeEnd } from "../model/held.js";
import type { Evidence } from "../run/evidence.js";
import { type Status, statusOf } from "../run/status.js";
import type { Command } from "./shared/command.js";
import { findRun } from "./shared/find-run.js";
import { gatherEvidence, openProject } from "./shared/project.js";
import { describeCopy, readCopies } from "./shared/record/copies-file.js";
import { describeTaken } from "./shared/record/take-over.js";

export const statusCommand: Command = {
  name: "status",
  summary: "Say which phase, what holds it, what to run next, and how to go back.",
  description:
    "Reads the run's folder, and whether a copy of its record has gone on elsewhere: what another machine did is taken from there, and said. Changes nothing else.",
  options: {},
  examples: [{ command: "clustershift status --output json", what: "for programs" }],
  async run(_args, context) {
    const project = await openProject(context);
    const run = await findRun(project, context);
    const evidence = await gatherEvidence(project, run, context);
    const status = statusOf(evidence, project.limits);
    const { stores: copies, taken } = run ? await readCopies(run) : { stores: [], taken: undefined };
    return {
      code: "ok",
      json: { run: run?.id ?? null, ...status, copies, taken: taken ?? null },
      text: [
        `Run      ${run?.id ?? "none yet"}`,
        `Phase    ${status.phase}`,
        `Done     ${status.done.join(", ") || "nothing yet"}`,
        `Traffic  ${status.traffic === "between" ? "between blue and green: a cutover was interrupted" : `at ${status.traffic}`}`,
        ...status.held.map(({ gate, what, fix }) => `Held by  ${gate}: ${what} -> ${fix}`),
        ...backupLines(evidence, status),
        ...quietLines(status.quiet),
        ...(taken ? [`Taken    at ${taken.at} from ${describeTaken(taken)}`] : []),
        ...copies.map((copy) => `Copy     ${describeCopy(copy)}`),
        `Next     ${status.next}`,
        `Way back ${status.wayBack}`,
      ].join("\n"),
    };
  },
};

/** Where the backup of blue lies, when and by what it was taken, how long it's kept, and when it was last restored to see whether it is whole. */
function backupLines({ bundle }: Evidence, { backup }: Status): string[] {
  if (!backup) return bundle ? [`Backup   the bundle, taken at ${bundle.manifest.exportedAt}: not verified yet`] : [];
  const { path, takenAt, keptUntil, schedule, verifiedAt, outcome, defects } = backup;
  const found = outcome === "passed" ? "whole" : `${defects} defect(s)`;
  const taken = `taken at ${takenAt ?? "nobody knows when"}${schedule ? ` by schedule ${schedule}` : ""}`;
  const kept = keptUntil ? `, kept until ${keptUntil}` : "";
  return [`Backup   ${path}, ${taken}${kept}, verified at ${verifiedAt}: ${found}`];
}

/** One line for each hold: what doesn't act on green, and how long. */
function quietLines({ held, released, left }: Status["quiet"]): string[] {
  const holds = [...new Set(held.map(({ hold, until }) => `${hold} (${describeEnd(until)})`))];
  return [
    ...holds.map((hold) => {
      const its = held.filter((each) => `${each.hold} (${describeEnd(each.until)})` === hold);
      return `Quiet    ${hold}: ${its.map(({ object }) => object).join(", ")}`;
    }),
    ...(released.length > 0 ? [`Released ${released.join(", ")}`] : []),
    ...(left.length > 0 ? [`Left     ${left.join(", ")}: changed on green by somebody else`] : []),
  ];
}
