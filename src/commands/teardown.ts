import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { verifyBundle } from "../bundle/verify.js";
import { messageOf, UserError } from "../model/errors.js";
import type { Journal } from "../model/journal.js";
import type { HoldOutcome } from "../replay/holds/release.js";
import { blueIsGone, type Evidence } from "../run/evidence.js";
import { checkGates } from "../run/gates/index.js";
import type { RunFolder } from "../run/run-folder.js";
import type { TrafficEdges } from "../traffic/effect.js";
import { finishTraffic, planFinish, type When } from "../traffic/finish.js";
import { greenServes } from "../traffic/serving.js";
import type { FinishTerms } from "../traffic/targets/target.js";
import { connectGreen, identityPath } from "./shared/clusters.js";
import { type Command, type Context, dryRunOption, forceOptions } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { describeLowered, type Lowered, lowerFloors } from "./shared/floors.js";
import { openBlueStack } from "./shared/green-stack.js";
import { describeOutcomes, holdEdges, releasable, releaseHeld } from "./shared/holds.js";
import { underGatesTold } from "./shared/notify.js";
import { gatherEvidence, openProject, type Project } from "./shared/project.js";
import { readOnlyJournal } from "./shared/read-only-journal.js";
import { awsOf, clockOf } from "./shared/targets.js";
import { describeGates, forceOf } from "./shared/under-gates.js";

export const teardownCommand: Command = {
  name: "teardown",
  summary: "Remove blue, once green has served everything for the soak time.",
  description:
    "Refuses until green serves everything (by the journal and by the live state of every target), the soak time has passed and a verified bundle of blue exists. Asks for blue's name. Then takes blue's target groups, at weight 0 by now, out of load balancers' rules, destroys blue's stack, or runs blue.teardown.command, makes records simple again with their old TTLs, and releases what was held on green because blue's own did its work. After it there is no way back; the bundle stays.",
  options: {
    confirm: { type: "string", describe: "Blue's name. Asked for on a terminal." },
    ...dryRunOption,
    ...forceOptions,
  },
  examples: [{ command: "clustershift teardown --confirm production-2019", what: "" }],
  async run(args, context) {
    const project = await openProject(context);
    const { blue } = project.config;
    const run = await requireRun(project, context);
    const how = removalOf(project);
    if (args.dryRun) {
      const gates = checkGates("teardown", await gatherEvidence(project, run, context), project.limits);
      const journal = await readOnlyJournal(run);
      const planned = (when: When) =>
        project.config.aws
          ? withTraffic(project, journal, context, async (edges) => planFinish(when, termsOf(project), edges))
          : [];
      const balancers = await planned("before blue");
      const records = await planned("after blue");
      return {
        code: "ok",
        json: {
          dryRun: true,
          gates: gates.map(({ gate, refusal }) => ({ gate: gate.id, refusal: refusal ?? null })),
          removal: how,
          balancers,
          records,
        },
        text: [
          "Gates",
          ...describeGates(gates).map((line) => `  ${line}`),
          ...describeFinish("First load balancers would change:", balancers),
          ...notMeasured(project),
          `Would remove ${blue.name}: ${how}`,
          ...describeFinish("Then records would change:", records),
        ].join("\n"),
      };
    }
    return underGatesTold("teardown", project, run, context, forceOf(args), async ({ evidence, journal }) => {
      if (!blueIsGone(journal.entries())) await requireServing(project, journal, context);
      // Read back whole once more, Secrets too: after this it's all that is left of blue.
      const { manifest } = await verifyBundle(run.bundlePath, { identityFile: identityPath(project, run) });
      await confirm(blue.name, args.confirm, context);
      const floors = await lowerFloors(project, run, journal, context);
      requireLowered(floors);
      const step = `teardown/${blue.name}`;
      if (!journal.entries().some((entry) => entry.type === "done" && entry.step === step)) {
        await journal.append({
          type: "intent",
          step,
          phase: "teardown",
          what: `remove ${blue.name}`,
          target: blue.name,
          before: { objects: manifest.objects },
          after: null,
        });
        // Nothing that a rule still names can be deleted.
        for (const line of await finish("before blue", project, journal, context)) {
          context.progress.line(`teardown: ${line}`);
        }
        context.progress.line(`teardown: ${how}`);
        await removeBlue(project, context);
        await journal.append({ type: "done", step, result: null });
      }
      const records = await finish("after blue", project, journal, context);
      const released = await releaseLast(project, run, evidence, journal, context);
      await journal.append({ type: "event", phase: "teardown", event: "completed", data: { blue: blue.name } });
      return {
        code: "ok",
        json: { removed: blue.name, bundle: run.bundlePath, records, released, floors: floors.outcomes },
        text: [
          `${blue.name} is gone. A verified bundle of its ${manifest.objects} objects stays in ${run.bundlePath}.`,
          ...describeFinish("Records that named blue, or were prepared for the shift:", records),
          ...describeOutcomes(released, "released"),
          ...describeLowered(floors),
          `Green (${project.config.green.name}) is the next run's blue.`,
        ].join("\n"),
      };
    });
  },
};

/** A gate that asks nothing must not look like one that holds. */
function notMeasured({ config }: Project): string[] {
  return config.traffic.leftover.sources.length > 0
    ? []
    : ["  Nobody measures who still talks to blue: traffic.leftover.sources is empty."];
}

/** Green has soaked by now, and its autoscalers know its own load: from here on they decide again. */
function requireLowered(lowered: Lowered): void {
  if (!lowered.trouble && lowered.outcomes.every(({ outcome }) => outcome !== "failed")) return;
  throw new UserError({
    code: "effect-failed",
    what: ["Green's floors could not all be put back; blue was not touched.", ...describeLowered(lowered)].join("\n"),
    fix: "Mend what refuses, or put them back by hand; the same command then goes on.",
  });
}

/** Nothing that costs blue is done on the word of a file alone. */
async function requireServing(project: Project, journal: Journal, context: Context): Promise<void> {
  if (await withTraffic(project, journal, context, greenServes)) return;
  throw new UserError({
    code: "green-not-serving",
    what: "Green doesn't serve all traffic.",
    fix: "clustershift cutover",
  });
}

const termsOf = ({ config }: Project): FinishTerms => ({ records: config.traffic.afterwards });

/** Nothing names blue any more from here on. */
async function finish(when: When, project: Project, journal: Journal, context: Context): Promise<string[]> {
  return withTraffic(project, journal, context, (edges) => finishTraffic(when, termsOf(project), edges));
}

async function withTraffic<Result>(
  project: Project,
  journal: Journal,
  context: Context,
  work: (edges: TrafficEdges) => Promise<Result>,
): Promise<Result> {
  const aws = await awsOf(project, context);
  try {
    return await work({ aws, journal, clock: clockOf(context), signal: context.edges.signal });
  } finally {
    aws.close();
  }
}

function describeFinish(title: string, records: readonly string[]): string[] {
  return records.length === 0 ? [] : [title, ...records.map((line) => `  ${line}`)];
}

/** What blue did alone until now, green does from here on; and what a cutover couldn't release. */
async function releaseLast(
  project: Project,
  run: RunFolder,
  { green: record, held }: Evidence,
  journal: Journal,
  context: Context,
): Promise<HoldOutcome[]> {
  const ends = ["cutover", "teardown"] as const;
  if (!record || releasable(held, journal, ends, record.clusterId).length === 0) return [];
  const green = await connectGreen(project, run, record, context);
  try {
    const released = await releaseHeld(held, ends, record.clusterId, holdEdges(green, journal, context));
    const failed = released.filter(({ outcome }) => outcome === "failed");
    if (failed.length === 0) return released;
    throw new UserError({
      code: "effect-failed",
      what: ["Blue is gone, but green refuses to release:", ...describeOutcomes(failed, "released").slice(1)].join(
        "\n",
      ),
      fix: "Mend what refuses, or release them by hand; the same command then goes on.",
    });
  } finally {
    await green.close();
  }
}

/** In people's words; refuses where nothing says how blue is removed. */
function removalOf({ config: { blue }, file }: Project): string {
  if (blue.stack) return `destroy its Pulumi stack ${blue.stack.name}`;
  if (blue.teardown) return `run ${blue.teardown.command.join(" ")}`;
  throw new UserError({
    code: "config-invalid",
    what: `${file}: nothing says how ${blue.name} is removed.`,
    fix: "Set blue.stack.name for a blue that a stack made, or blue.teardown.command (e.g. kops delete cluster …).",
  });
}

async function confirm(name: string, given: unknown, { edges }: Context): Promise<void> {
  const answer = given ?? (await edges.ask?.(`This removes ${name} for good. Type its name to go on: `));
  if (answer === name) return;
  throw new UserError({
    code: "not-confirmed",
    what: answer === undefined ? "Nobody confirmed." : `"${String(answer)}" is not blue's name.`,
    fix: `clustershift teardown --confirm ${name}`,
  });
}

async function removeBlue(project: Project, context: Context): Promise<void> {
  const { stack, teardown } = project.config.blue;
  if (stack) {
    const opened = await openBlueStack(project, context, stack.name);
    await opened.destroy(
      ({ name, op, done }) => context.progress.line(`teardown: ${done ? "done" : "..."} ${op} ${name}`),
      context.edges.signal,
    );
    return;
  }
  const [program, ...rest] = teardown?.command ?? [];
  if (!program) return;
  try {
    await promisify(execFile)(program, rest, { cwd: project.dir, env: context.edges.env, maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    throw new UserError({
      code: "effect-failed",
      what: `blue.teardown.command failed: ${messageOf(error)}`,
      fix: "Mend the cause; the same command runs it again. Traffic stays at green.",
      cause: error,
    });
  }
}
