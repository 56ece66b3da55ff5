import type { LeftoverContext } from "../leftover/context.js";
import { measure, reportOf } from "../leftover/measure.js";
import { formatDuration, parseDuration } from "../model/duration.js";
import { UserError } from "../model/errors.js";
import type { LeftoverReport } from "../model/leftover.js";
import { leftoverTable, textTable } from "../report/tables.js";
import type { RunFolder } from "../run/run-folder.js";
import { type Command, type Context, dryRunOption } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { milliseconds, openProject, type Project } from "./shared/project.js";
import { clockOf, cloudWatchOf } from "./shared/targets.js";
import { withJournal } from "./shared/under-gates.js";

/** Measurements further apart than so many times `every` aren't one quiet time. */
const gaps = 5;

export const leftoverCommand: Command = {
  name: "leftover",
  summary: "Measure who still talks to blue.",
  description:
    "Asks every source of traffic.leftover: counters of blue's edge or ingress, Prometheus, CloudWatch, a program of the team's own. Says how much still comes, and from whom where the source tells. What can't be measured never counts as quiet. The result is what teardown's gate asks for: with --until-zero it measures until blue was quiet for traffic.leftover.quietFor. The run is locked only while a result is written, so that rollback is possible meanwhile.",
  options: {
    "until-zero": { type: "boolean", default: false, describe: "Measure again until blue was quiet for long enough." },
    timeout: { type: "string", default: "2h", describe: "With --until-zero: when to give up." },
    ...dryRunOption,
  },
  examples: [
    { command: "clustershift leftover", what: "" },
    { command: "clustershift leftover --until-zero --timeout 12h", what: "before teardown" },
  ],
  async run(args, context) {
    const project = await openProject(context);
    const { sources, every, quietFor } = project.config.traffic.leftover;
    const timeoutMs = parseDuration(String(args.timeout));
    if (timeoutMs === undefined) {
      throw new UserError({
        code: "usage",
        what: `--timeout ${String(args.timeout)} is no duration.`,
        fix: "Write for example --timeout 90m.",
      });
    }
    const run = await requireRun(project, context);
    if (sources.length === 0) {
      throw new UserError({
        code: "config-invalid",
        what: `${project.file}: traffic.leftover.sources is empty, so nothing tells who talks to blue.`,
        fix: "Name blue's load balancer, its ingress' metrics or a query there, then plan and approve again.",
      });
    }
    if (args.dryRun) {
      const asked = sources.map(({ kind, name, unit }) => ({ kind, name, unit }));
      const lines = asked.map(({ kind, name, unit }) => `  ${kind.padEnd(10)} ${name} (${unit})`);
      return { code: "ok", json: { dryRun: true, sources: asked }, text: ["Would ask:", ...lines].join("\n") };
    }
    const { now } = clockOf(context);
    const until = now() + timeoutMs;
    const isEnough = ({ at, quietSince }: LeftoverReport) =>
      quietSince !== null && Date.parse(at) - Date.parse(quietSince) >= milliseconds(quietFor);
    let report = await measured(project, run, context);
    while (args.untilZero && !isEnough(report) && now() < until) {
      context.progress.line(`leftover: ${said(report)}`);
      await clockOf(context).sleep(milliseconds(every), context.edges.signal);
      report = await measured(project, run, context);
    }
    const good = args.untilZero ? isEnough(report) : report.outcome === "quiet";
    return {
      code: good ? "ok" : "leftover-traffic",
      json: { report, enough: isEnough(report) },
      text: [
        textTable(leftoverTable(report)),
        "",
        said(report),
        isEnough(report)
          ? `Next: clustershift teardown --confirm ${project.config.blue.name}`
          : `It must be quiet for ${quietFor}: clustershift leftover --until-zero`,
      ].join("\n"),
    };
  },
};

function said({ at, outcome, quietSince, sources }: LeftoverReport): string {
  if (quietSince !== null)
    return `Blue is quiet since ${quietSince}, for ${formatDuration(Date.parse(at) - Date.parse(quietSince))}.`;
  const loud = sources.filter((source) => source.outcome !== "quiet").map(({ name, detail }) => `${name}: ${detail}`);
  return `${outcome === "some" ? "Somebody still talks to blue." : "It isn't known who talks to blue."} ${loud.join(" ")}`;
}

/** One measurement, written where gates look for it; the journal has it where the outcome is another one than before. */
async function measured(project: Project, run: RunFolder, context: Context): Promise<LeftoverReport> {
  const { sources, every } = project.config.traffic.leftover;
  const { edges } = context;
  const leftoverContext: LeftoverContext = {
    dir: project.dir,
    env: edges.env,
    clock: clockOf(context),
    signal: edges.signal,
    openCloudWatch: cloudWatchOf(project, context),
  };
  const began = edges.now().getTime();
  const readings = await measure(sources, leftoverContext);
  return withJournal("leftover", project, run, context, async ({ journal }) => {
    const before = await run.read("leftover.json");
    const report = reportOf(readings, began, before, gaps * milliseconds(every));
    await run.write("leftover.json", report);
    if (before?.outcome !== report.outcome) {
      const amounts = report.sources.map(({ name, unit, amount, outcome }) => ({ name, unit, amount, outcome }));
      await journal.append({
        type: "event",
        phase: "soak",
        event: `leftover-${report.outcome}`,
        data: { sources: amounts },
      });
    }
    return report;
  });
}
