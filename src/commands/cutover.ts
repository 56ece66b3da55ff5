import { formatDuration } from "../model/duration.js";
import { UserError } from "../model/errors.js";
import type { Journal } from "../model/journal.js";
import type { Evidence } from "../run/evidence.js";
import { checkGates } from "../run/gates/index.js";
import { mustGoBack } from "../run/gates/window.js";
import { toTakeBack } from "../traffic/by-hand.js";
import { lastShift } from "../traffic/history.js";
import { markingOf } from "../traffic/marks/marking.js";
import { planShift, type ShiftPlan, shift } from "../traffic/shift.js";
import { carryOutActs, planActs, takeActsBack } from "./shared/acts/index.js";
import { checksOfSteps, evidenceAfter } from "./shared/analysis.js";
import { type BlueNow, blueNow } from "./shared/blue-now.js";
import { confirmByHand, confirmManualOption } from "./shared/by-hand.js";
import { connectGreen } from "./shared/clusters.js";
import { type Command, dryRunOption, forceOptions } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { underGatesTold } from "./shared/notify.js";
import { milliseconds, openProject, type Project } from "./shared/project.js";
import { readOnlyJournal } from "./shared/read-only-journal.js";
import { awsOf, clockOf, resolveTargets } from "./shared/targets.js";
import { describeGates, forceOf, gatherAndLook } from "./shared/under-gates.js";

export const cutoverCommand: Command = {
  name: "cutover",
  summary: "Move the traffic to green, step by step, with checks between.",
  description:
    "After every gate holds: records each traffic target whole, gives green a growing share of the DNS answers, and checks after each step; then moves Elastic IPs by group and zone. What moves by hand (traffic.manual) comes last: it says what to do, and goes on once somebody says that it is done. At the end it stops on blue what is exclusive (workloads.exclusive), waits until that has ended, and releases what was held on green until now: CronJobs, and workloads that act on the world outside. A check that fails moves everything back by itself; one that is inconclusive holds the step, and moves back after traffic.inconclusiveFor. After a crash or Ctrl-C the same command goes on.",
  options: { ...confirmManualOption, ...dryRunOption, ...forceOptions },
  examples: [
    { command: "clustershift cutover --dry-run", what: "the gates as they are now, and every step" },
    { command: "clustershift cutover", what: "" },
    { command: 'clustershift cutover --force outside-window --reason "CHG-1234 extended"', what: "override one gate" },
  ],
  async run(args, context) {
    const project = await openProject(context);
    const { config, limits } = project;
    const run = await requireRun(project, context);
    const { steps, hold, inconclusiveFor, zoneShare, marks } = config.traffic;
    const shiftInput = {
      steps,
      holdMs: milliseconds(hold),
      inconclusiveForMs: milliseconds(inconclusiveFor),
      zoneShare,
      ...(marks === "leave" && { marking: markingOf(run.id, config.blue.name) }),
    };
    const withEdges = async <Result>(
      evidence: Evidence,
      work: (edges: Connected) => Promise<Result>,
    ): Promise<Result> => {
      const record = await run.read("green.json");
      if (!record)
        throw new UserError({
          code: "green-missing",
          what: "There is no green cluster that was seen ready.",
          fix: "clustershift up",
        });
      const aws = await awsOf(project, context);
      const [green, blue] = await Promise.all([
        connectGreen(project, run, record, context),
        blueNow(project, run, evidence, context),
      ]);
      try {
        if (blue.dead !== undefined)
          context.progress.warn(`blue is taken for dead, and its bundle is asked in its place: ${blue.dead}`);
        return await work({
          aws,
          green,
          blue,
          record,
          targets: () => resolveTargets(project, aws, { record, kube: green }, blue, evidence.dns?.registry),
        });
      } finally {
        aws.close();
        await Promise.all([green.close(), blue.close()]);
      }
    };

    if (args.dryRun) {
      const evidence = await gatherAndLook("cutover", project, run, context, forceOf(args));
      const gates = checkGates("cutover", evidence, limits);
      return withEdges(evidence, async ({ aws, record, targets, ...clusters }) => {
        const journal = await readOnlyJournal(run);
        const scene = { project, run, context, journal, evidence, record, ...clusters };
        const plan = await planShift({ ...shiftInput, targets: await targetsOf(journal, targets) }, { aws, journal });
        const before = await planActs("before", scene);
        const after = await planActs("after", scene);
        const checks = Object.values(checksOfSteps(project)).flatMap((list) =>
          list.map(({ kind, name }) => ({ kind, name })),
        );
        return {
          code: "ok",
          json: {
            dryRun: true,
            gates: gates.map(({ gate, refusal }) => ({ gate: gate.id, refusal: refusal ?? null })),
            plan: { ...plan, passed: [...plan.passed] },
            checks,
            acts: { ...before.json, ...after.json },
          },
          text: describePlan(plan, describeGates(gates), before.lines, after.lines, checks),
        };
      });
    }
    return underGatesTold("cutover", project, run, context, forceOf(args), async ({ evidence, journal }) =>
      withEdges(evidence, async ({ aws, record, targets, ...clusters }) => {
        const scene = { project, run, context, journal, evidence, record, ...clusters };
        const confirm = confirmByHand(args, project, context);
        const planHash = evidence.plan?.hash ?? "";
        const input = { ...shiftInput, targets: await targetsOf(journal, targets) };
        const before = isReturning(journal) ? { lines: [], json: {} } : await carryOutActs("before", scene);
        // Who has overridden the window's gate answers for its end, too.
        const overridden = ["outside-window", "window-too-short"].includes(String(args.force));
        const result = await shift(input, {
          aws,
          journal,
          clock: clockOf(context),
          signal: context.edges.signal,
          confirm,
          onProgress: (message) => context.progress.line(`cutover: ${message}`),
          mayGoOn: async ({ holdMs }) => {
            const now = context.edges.now().getTime();
            const refusal = overridden
              ? undefined
              : mustGoBack(
                  { ...(evidence.plan && { plan: evidence.plan }), now, journal: journal.entries() },
                  holdMs,
                  evidence.journal.length,
                );
            return refusal?.what;
          },
          check: ({ id }) =>
            evidenceAfter(id, {
              project,
              run,
              record,
              kube: clusters.green,
              planHash,
              journal: journal.entries(),
              context,
            }),
        });
        if (result.outcome === "moved-back") {
          const why = result.failed
            ? `${result.failed.stage}: ${result.failed.detail}`
            : "an interrupted way back was finished";
          const back = await takeActsBack(scene);
          return {
            code: "moved-back",
            json: { result, acts: back.json, byHand: toTakeBack(journal.entries()) },
            text: [
              `All traffic was moved back to blue (${why}).`,
              ...back.lines,
              ...toTakeBack(journal.entries()),
              "Mend green, then: clustershift smoke && clustershift cutover",
            ].join("\n"),
          };
        }
        const after = await carryOutActs("after", scene);
        return {
          code: after.failed ? "effect-failed" : "ok",
          json: { result, acts: { ...before.json, ...after.json } },
          text: [
            `Green serves everything; ${formatDuration(result.apiMs)} were spent in AWS calls.`,
            ...before.lines,
            ...after.lines,
            after.failed
              ? "Mend what refused them, then the same command goes on: clustershift cutover"
              : `Next: ${nextAfter(project)}`,
          ].join("\n"),
        };
      }),
    );
  },
};

interface Connected {
  aws: Awaited<ReturnType<typeof awsOf>>;
  green: Awaited<ReturnType<typeof connectGreen>>;
  blue: BlueNow;
  record: Parameters<typeof connectGreen>[2];
  targets: () => ReturnType<typeof resolveTargets>;
}

/** A shift that was begun goes by what its journal recorded: what has moved can't be found at blue any more. */
async function targetsOf(journal: Journal, resolve: Connected["targets"]): ReturnType<Connected["targets"]> {
  const last = lastShift(journal.entries());
  return last && last.status !== "returned" ? [] : resolve();
}

function isReturning(journal: Journal): boolean {
  return lastShift(journal.entries())?.status === "returning";
}

function describePlan(
  { stages, passed, shares, returning }: ShiftPlan,
  gates: readonly string[],
  before: readonly string[],
  after: readonly string[],
  checks: readonly { kind: string; name: string }[],
): string {
  if (returning) return "An interrupted way back would be finished, and nothing else be done.";
  return [
    "Gates",
    ...gates.map((gate) => `  ${gate}`),
    ...before,
    "Steps",
    ...stages.map(
      ({ id, what, holdMs }, index) =>
        `  ${String(index + 1).padStart(2)}. ${passed.has(id) ? "(done) " : ""}${what}; hold ${formatDuration(holdMs)}; check`,
    ),
    ...(shares.length > 0 ? ["Hosted zones", ...shares.map((line) => `  ${line}`)] : []),
    "Checks after each step",
    ...checks.map(({ kind, name }) => `  ${kind.padEnd(10)} ${name}`),
    ...(checks.length === 0 ? ["  none: everything would move back after the first step"] : []),
    ...after,
  ].join("\n");
}

function nextAfter({ config }: Project): string {
  const measured = config.traffic.leftover.sources.length > 0 ? "clustershift leftover --until-zero, then: " : "";
  return `let it soak for ${config.soak}, then: ${measured}clustershift teardown --confirm ${config.blue.name} (clustershift rollback goes back)`;
}
