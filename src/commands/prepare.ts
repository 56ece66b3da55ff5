import type { AwsApi } from "../aws/api.js";
import { formatDuration } from "../model/duration.js";
import type { AddressTarget } from "../model/traffic.js";
import { checkGates } from "../run/gates/index.js";
import type { RunFolder } from "../run/run-folder.js";
import { markingOf, tagKey } from "../traffic/marks/marking.js";
import { type AheadCheck, checkAhead } from "../traffic/preparation/permissions.js";
import { type PreparePlan, planPrepare, prepare } from "../traffic/preparation/prepare.js";
import { recordNames } from "../traffic/targets/route53/resolve.js";
import { blueNow } from "./shared/blue-now.js";
import { connectGreen } from "./shared/clusters.js";
import { type Command, type Context, dryRunOption, forceOptions } from "./shared/command.js";
import { requireRun } from "./shared/find-run.js";
import { gatherEvidence, milliseconds, openProject, type Project } from "./shared/project.js";
import { readOnlyJournal } from "./shared/read-only-journal.js";
import { awsOf, clockOf, resolveTargets } from "./shared/targets.js";
import { describeGates, forceOf, underGates } from "./shared/under-gates.js";

export const prepareCommand: Command = {
  name: "prepare",
  summary: "Ask whether the shift would be allowed, and lower TTLs, ahead of the window.",
  description:
    "Asks AWS, without doing any of it, whether these credentials may change the records and move the addresses, and whether the zones have room. Then gives every record that will move the TTL of traffic.ttl, if that is set; blue answers as before. Resolvers keep an answer for the TTL that it came with, so run this at least the old TTL before the window opens: cutover refuses until it is over. rollback gives the old TTLs back, and so does teardown. Addresses are asked about once green stands.",
  options: {
    wait: { type: "boolean", default: false, describe: "Return only once the old TTLs are over." },
    ...dryRunOption,
    ...forceOptions,
  },
  examples: [
    { command: "clustershift prepare --dry-run", what: "what is allowed, and which TTLs it would lower" },
    { command: "clustershift prepare", what: "" },
  ],
  async run(args, context) {
    const project = await openProject(context);
    const ttl = ttlOf(project);
    const { zoneShare } = project.config.traffic;
    const run = await requireRun(project, context);
    const clock = clockOf(context);
    const aws = await awsOf(project, context);
    try {
      const names = await recordNames(project.config.traffic.route53, aws.route53);
      const addresses = await addressesOf(project, run, aws, context);
      const { traffic, blue } = project.config;
      const key = traffic.marks === "leave" ? tagKey(markingOf(run.id, blue.name)) : undefined;
      const checks = await checkAhead({ names, addresses, tagKey: key }, aws.probes);
      const denied = checks.filter(({ outcome }) => outcome === "denied");
      if (args.dryRun) {
        const gates = checkGates("prepare", await gatherEvidence(project, run, context), project.limits);
        const edges = { aws, journal: await readOnlyJournal(run) };
        const plan = ttl === undefined ? undefined : await planPrepare({ names, ttl, zoneShare }, edges);
        return {
          code: denied.length > 0 ? "checks-failed" : "ok",
          json: {
            dryRun: true,
            gates: gates.map(({ gate, refusal }) => ({ gate: gate.id, refusal: refusal ?? null })),
            checks,
            plan: plan ?? null,
          },
          text: [
            "Gates",
            ...describeGates(gates).map((line) => `  ${line}`),
            ...describeChecks(checks),
            ...describePlan(plan),
          ].join("\n"),
        };
      }
      return await underGates("prepare", project, run, context, forceOf(args), async ({ journal }) => {
        await journal.append({ type: "event", phase: "prepare", event: "checked", data: { checks } });
        if (denied.length > 0) {
          return {
            code: "checks-failed",
            json: { checks, result: null },
            text: [
              ...describeChecks(checks),
              `${denied.length} of ${checks.length} would be denied; nothing was changed. clustershift permissions aws cutover prints all that is needed.`,
            ].join("\n"),
          };
        }
        const { signal } = context.edges;
        const result =
          ttl === undefined ? undefined : await prepare({ names, ttl, zoneShare }, { aws, journal, clock, signal });
        const left = () => (result ? Date.parse(result.oldTtlEnds) - clock.now() : 0);
        if (args.wait && left() > 0) {
          context.progress.line(`prepare: waiting ${formatDuration(left())} until the old TTLs are over`);
          await clock.sleep(left(), signal);
        }
        return {
          code: "ok",
          json: { checks, result: result ?? null },
          text: [
            ...describeChecks(checks),
            ...describePlan(result),
            ...(result && left() > 0
              ? [
                  `Resolvers may hold the old TTL until ${result.oldTtlEnds}, for ${formatDuration(left())}: cutover refuses until then.`,
                ]
              : []),
            "Next: clustershift status",
          ].join("\n"),
        };
      });
    } finally {
      aws.close();
    }
  },
};

/** Whole seconds; undefined where TTLs may stay as they are. */
function ttlOf({ config: { traffic } }: Project): number | undefined {
  if (traffic.ttl === undefined || traffic.route53.length === 0) return undefined;
  return Math.floor(milliseconds(traffic.ttl) / 1000);
}

/** The addresses with green's instances that will take them; none before green stands. */
async function addressesOf(project: Project, run: RunFolder, aws: AwsApi, context: Context): Promise<AddressTarget[]> {
  const record = await run.read("green.json");
  if (!record || project.config.traffic.elasticIps.length === 0) return [];
  const plan = await run.read("plan.json");
  const [green, blue] = await Promise.all([
    connectGreen(project, run, record, context),
    blueNow(project, run, { ...(plan && { plan }) }, context),
  ]);
  try {
    const targets = await resolveTargets(project, aws, { record, kube: green }, blue);
    return targets.flatMap((target) => (target.kind === "elastic-ip" ? [target] : []));
  } finally {
    await Promise.all([green.close(), blue.close()]);
  }
}

function describeChecks(checks: readonly AheadCheck[]): string[] {
  return [
    "Allowed",
    ...checks.map(({ what, outcome, detail }) => `  ${outcome.padEnd(8)} ${what}${detail ? `: ${detail}` : ""}`),
  ];
}

function describePlan(plan: PreparePlan | undefined): string[] {
  if (!plan) return ["TTLs stay as they are: traffic.ttl is not set."];
  const shares = plan.shares.map((line) => `Hosted ${line}`);
  if (plan.lower.length === 0) return ["Every TTL is low enough.", ...shares];
  return [
    `TTLs: ${plan.lower.length} are lowered; the longest now: ${formatDuration(plan.oldTtl * 1000)}`,
    ...plan.lower.flatMap(({ now, after }) => [`  - ${now}`, `  + ${after}`]),
    ...shares,
  ];
}
