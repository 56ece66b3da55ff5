import { verifyBundle } from "../bundle/verify.js";
import { UserError } from "../model/errors.js";
import { blueIsGone } from "../run/evidence.js";
import { checkGates } from "../run/gates/index.js";
import type { RunFolder } from "../run/run-folder.js";
import { identityPath } from "./shared/clusters.js";
import { type Answer, type Command, type Context, dryRunOption, forceOptions } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { describeLowered, lowerFloors } from "./shared/floors.js";
import { describeOutcomes } from "./shared/holds.js";
import { underGatesTold } from "./shared/notify.js";
import { gatherEvidence, openProject, type Project } from "./shared/project.js";
import { readOnlyJournal } from "./shared/read-only-journal.js";
import { type Before, lookBefore } from "./shared/teardown/before.js";
import { lookAfter } from "./shared/teardown/look-after.js";
import { releaseLast, requireLowered } from "./shared/teardown/release.js";
import { confirm, removalOf } from "./shared/teardown/removal.js";
import { refuseRemoval, removeWhole } from "./shared/teardown/remove-whole.js";
import { sweep } from "./shared/teardown/sweep.js";
import { describeFinish, finish, notMeasured, plannedFinish, requireServing } from "./shared/teardown/traffic.js";
import { describeGates, forceOf } from "./shared/under-gates.js";

export const teardownCommand: Command = {
  name: "teardown",
  summary: "Remove blue, once green has served everything for the soak time.",
  description:
    "Refuses until green serves everything (by the journal and by the live state of every target), the soak time has passed and a verified bundle of blue exists. Lists what blue's controllers made in AWS, and asks for blue's name. Then takes blue's target groups, at weight 0 by now, out of load balancers' rules, drains blue and takes final snapshots where that is configured, destroys blue's stack, or runs blue.teardown.command, makes records simple again with their old TTLs, and releases what was held on green because blue's own did its work. At last it lists what blue left behind, and writes teardown.json. After it there is no way back; the bundle stays. With --sweep, once blue is gone, it only looks for what is left, and removes what --remove-orphans names: never what green uses, what is tagged for another cluster or as shared, or what blue.teardown.keep names.",
  options: {
    confirm: { type: "string", describe: "Blue's name. Asked for on a terminal." },
    sweep: { type: "boolean", default: false, describe: "Only look for what blue left in AWS, once it is gone." },
    "remove-orphans": {
      type: "array",
      string: true,
      default: [],
      describe:
        "With --sweep: remove these, by the ids of the list. `all` is all but volumes and snapshots, which must be named.",
    },
    ...dryRunOption,
    ...forceOptions,
  },
  examples: [
    { command: "clustershift teardown --confirm production-2019", what: "" },
    { command: "clustershift teardown --sweep", what: "what blue left in AWS" },
    {
      command: "clustershift teardown --sweep --confirm production-2019 --remove-orphans all vol-0123456789abcdef0",
      what: "",
    },
  ],
  async run(args, context) {
    const project = await openProject(context);
    const run = await requireRun(project, context);
    const remove = (args.removeOrphans as string[]).flatMap((each) => each.split(","));
    if (args.sweep) {
      return sweep(project, run, { remove, dryRun: args.dryRun === true, confirm: args.confirm }, context);
    }
    if (remove.length > 0) {
      throw new UserError({
        code: "usage",
        what: "--remove-orphans goes with --sweep, after blue is gone.",
        fix: "clustershift teardown --sweep lists what there is.",
      });
    }
    return args.dryRun ? dryRun(project, run, context) : teardown(project, run, args, context);
  },
};

async function dryRun(project: Project, run: RunFolder, context: Context): Promise<Answer> {
  const evidence = await gatherEvidence(project, run, context);
  const gates = checkGates("teardown", evidence, project.limits);
  const journal = await readOnlyJournal(run);
  const balancers = await plannedFinish("before blue", project, journal, context);
  const records = await plannedFinish("after blue", project, journal, context);
  const before = await lookBefore(project, run, journal.entries(), context);
  await before.sweep?.close();
  const how = removalOf(project) ?? "nothing says how; see blue.teardown.command";
  return {
    code: "ok",
    json: {
      dryRun: true,
      gates: gates.map(({ gate, refusal }) => ({ gate: gate.id, refusal: refusal ?? null })),
      removal: how,
      balancers,
      records,
      cloud: before.json,
    },
    text: [
      "Gates",
      ...describeGates(gates).map((line) => `  ${line}`),
      ...before.lines,
      ...describeFinish("First load balancers would change:", balancers),
      ...notMeasured(project),
      `Would remove ${project.config.blue.name}: ${how}`,
      ...describeFinish("Then records would change:", records),
    ].join("\n"),
  };
}

async function teardown(
  project: Project,
  run: RunFolder,
  args: Record<string, unknown>,
  context: Context,
): Promise<Answer> {
  const { blue } = project.config;
  if (removalOf(project) === undefined) await refuseRemoval(project, run, context);
  return underGatesTold("teardown", project, run, context, forceOf(args), async ({ evidence, journal }) => {
    const isGone = blueIsGone(journal.entries());
    if (!isGone) await requireServing(project, journal, context);
    // Read back whole once more, Secrets too: after this it's all that is left of blue.
    const { manifest, hash } = await verifyBundle(run.bundlePath, { identityFile: identityPath(project, run) });
    const before: Before = isGone
      ? { lines: [], json: {} }
      : await lookBefore(project, run, journal.entries(), context);
    try {
      for (const line of before.lines) context.progress.line(`teardown: ${line}`);
      await confirm(blue.name, `This removes ${blue.name} for good.`, args.confirm, context);
      const floors = await lowerFloors(project, run, journal, context);
      requireLowered(floors);
      if (!isGone) await removeWhole(project, run, { before, objects: manifest.objects, evidence }, journal, context);
      const records = await finish("after blue", project, journal, context);
      const released = await releaseLast(project, run, evidence, journal, context);
      const bundle = { path: run.bundlePath, hash };
      const after = await lookAfter(project, run, bundle, journal, context);
      await journal.append({ type: "event", phase: "teardown", event: "completed", data: { blue: blue.name } });
      return {
        code: "ok",
        json: { removed: blue.name, bundle: run.bundlePath, records, released, floors: floors.outcomes, ...after.json },
        text: [
          `${blue.name} is gone. A verified bundle of its ${manifest.objects} objects stays in ${run.bundlePath}.`,
          ...describeFinish("Records that named blue, or were prepared for the shift:", records),
          ...describeOutcomes(released, "released"),
          ...describeLowered(floors),
          ...after.lines,
          `Green (${project.config.green.name}) is the next run's blue. Next time: clustershift init --next`,
        ].join("\n"),
      };
    } finally {
      await before.sweep?.close();
    }
  });
}
