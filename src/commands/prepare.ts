import { formatDuration } from "../model/duration.js";
import { UserError } from "../model/errors.js";
import { checkGates } from "../run/gates.js";
import { type PreparePlan, planPrepare, prepare } from "../traffic/preparation/prepare.js";
import { recordNames } from "../traffic/targets/route53/resolve.js";
import { type Command, dryRunOption, forceOptions } from "./shared/command.js";
import { gatherEvidence, milliseconds, openProject, type Project, requireRun } from "./shared/project.js";
import { readOnlyJournal } from "./shared/read-only-journal.js";
import { awsOf, clockOf } from "./shared/targets.js";
import { describeGates, forceOf, underGates } from "./shared/under-gates.js";

export const prepareCommand: Command = {
  name: "prepare",
  summary: "Lower the TTLs of what will move, ahead of the window.",
  description:
    "Gives every record that will move the TTL of traffic.ttl; blue answers as before. Resolvers keep an answer for the TTL that it came with, so run this at least the old TTL before the window opens: cutover refuses until it is over. rollback gives the old TTLs back, and so does teardown.",
  options: {
    wait: { type: "boolean", default: false, describe: "Return only once the old TTLs are over." },
    ...dryRunOption,
    ...forceOptions,
  },
  examples: [
    { command: "clustershift prepare --dry-run", what: "which TTLs it would lower" },
    { command: "clustershift prepare", what: "" },
  ],
  async run(args, context) {
    const project = await openProject(context);
    const ttl = ttlOf(project);
    const run = await requireRun(project, context);
    const clock = clockOf(context);
    const aws = await awsOf(project, context);
    try {
      const names = await recordNames(project.config.traffic.route53, aws.route53);
      if (args.dryRun) {
        const gates = checkGates("prepare", await gatherEvidence(project, run, context), project.limits);
        const plan = await planPrepare({ names, ttl }, { aws, journal: await readOnlyJournal(run) });
        return {
          code: "ok",
          json: {
            dryRun: true,
            gates: gates.map(({ gate, refusal }) => ({ gate: gate.id, refusal: refusal ?? null })),
            plan,
          },
          text: ["Gates", ...describeGates(gates).map((line) => `  ${line}`), ...describePlan(plan)].join("\n"),
        };
      }
      return await underGates("prepare", project, run, context, forceOf(args), async ({ journal }) => {
        const { signal } = context.edges;
        const result = await prepare({ names, ttl }, { aws, journal, clock, signal });
        const left = () => Date.parse(result.oldTtlEnds) - clock.now();
        if (args.wait && left() > 0) {
          context.progress.line(`prepare: waiting ${formatDuration(left())} until the old TTLs are over`);
          await clock.sleep(left(), signal);
        }
        return {
          code: "ok",
          json: { result },
          text: [
            ...describePlan(result),
            left() > 0
              ? `Resolvers may hold the old TTL until ${result.oldTtlEnds}, for ${formatDuration(left())}: cutover refuses until then.`
              : "The old TTLs are over.",
            "Next: clustershift status",
          ].join("\n"),
        };
      });
    } finally {
      aws.close();
    }
  },
};

/** Whole seconds. */
function ttlOf({ config: { traffic }, file }: Project): number {
  if (traffic.ttl !== undefined && traffic.route53.length > 0) return Math.floor(milliseconds(traffic.ttl) / 1000);
  throw new UserError({
    code: "config-invalid",
    what: `${file}: there is nothing to prepare: ${traffic.ttl === undefined ? "traffic.ttl is missing" : "traffic.route53 names no records"}.`,
    fix: 'Set traffic.ttl, for example "60s", to have the records\' TTLs lowered ahead.',
  });
}

function describePlan({ lower, oldTtl }: PreparePlan): string[] {
  if (lower.length === 0) return ["Every TTL is low enough."];
  return [
    `${lower.length} TTL(s); the longest now: ${formatDuration(oldTtl * 1000)}`,
    ...lower.flatMap(({ now, after }) => [`  - ${now}`, `  + ${after}`]),
  ];
}
