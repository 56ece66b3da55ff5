import { hostname, userInfo } from "node:os";
import type { Author } from "../model/approval.js";
import { UserError } from "../model/errors.js";
import type { Finding } from "../model/finding.js";
import type { HoldEnd } from "../model/held.js";
import { parseKubeVersion } from "../model/kube-version.js";
import type { Plan, PlannedExclusive, PlannedHold, Topology } from "../model/plan.js";
import type { Assessment, PlannedDns } from "../plan/assessment.js";
import { budgetsOf, rollbackSeconds } from "../plan/budget.js";
import { assess } from "../plan/findings/index.js";
import { makePlan } from "../plan/make-plan.js";
import { planMarkdown } from "../plan/markdown.js";
import { stepsOf } from "../plan/steps.js";
import { planText } from "../plan/text.js";
import { topologyOf } from "../plan/topology.js";
import { gates } from "../run/gates/index.js";
import { listRuns, newRunId, RunFolder } from "../run/run-folder.js";
import { writersOf } from "../traffic/external-dns/writers.js";
import { type Archive, type BlueSource, infoOf } from "./shared/archive.js";
import { checkArchive, type FailOn } from "./shared/check-archive.js";
import { connectBlue, identityPath } from "./shared/clusters.js";
import type { Command, Context } from "./shared/command.js";
import { dryRunOption, fromOf, fromOption } from "./shared/command.js";
import { distributionOf } from "./shared/distribution.js";
import { findRun } from "./shared/find-run.js";
import { listNodes } from "./shared/nodes.js";
import { openArchives } from "./shared/open-archive.js";
import { describeTargets, scaleOf } from "./shared/planned-traffic.js";
import { plannedVolumes, volumeCounts, volumeScale } from "./shared/planned-volumes.js";
import type { LookedAtZones } from "./shared/planned-zones.js";
import { preflightOf } from "./shared/preflight.js";
import { gatherEvidence, openProject, type Project } from "./shared/project.js";
import { callerOf } from "./shared/proof.js";
import { lookAtSurroundings } from "./shared/surroundings/look.js";
import { type SurveyedObjects, surveyKinds, surveyObjects } from "./shared/survey.js";
import { withJournal } from "./shared/under-gates.js";

/** What a rehearsal in a control plane without nodes can't show. */
const rehearsalLimits = [
  "no nodes: nothing is scheduled, no pod starts, no volume is attached",
  "no zones and no instance groups",
  "webhooks and aggregated APIs of blue's workloads don't answer there",
  "no load balancers, no cloud provider",
];

export const planCommand: Command = {
  name: "plan",
  summary: "Assess blue, and write down what will be done.",
  description:
    "Reads all of blue (get, list and watch only) and writes plan.json and plan.md into the run's folder: findings, steps, window, time budget, way back, and the hash that approval binds to. Begins a new run, or plans the current one again as long as its traffic is at blue. With --from an archive stands for blue, which may be dead; the plan says so. With --from and --to files are assessed by themselves: no configuration and no cluster is needed, nothing is written, and each finding names file and line.",
  options: {
    ...dryRunOption,
    ...fromOption,
    to: {
      type: "string",
      describe: "Only assess what --from names, for this version of Kubernetes: for use in a pull request's check.",
    },
    "from-version": {
      type: "string",
      describe: "The version of Kubernetes that the archive is of, where the archive itself doesn't say it.",
    },
    "fail-on": {
      choices: ["blocker", "warning"],
      default: "blocker",
      describe: "The least grave finding that ends with exit code 30.",
    },
  },
  examples: [
    { command: "clustershift plan", what: "" },
    { command: "clustershift plan --dry-run --output json", what: "assess only; writes nothing" },
    {
      command: "clustershift plan --from definitions/ --from-version 1.21",
      what: "blue is dead: from what is left of it",
    },
    {
      command: "clustershift plan --from velero:s3://acme-backups/velero#latest",
      what: "from the newest backup in Velero's object store, without Velero",
    },
    {
      command: "clustershift plan --from velero:s3://acme-backups/velero#latest --from definitions/",
      what: "from last night's backup, and from the newer export of a script that has no Secrets",
    },
    { command: "clustershift plan --from manifests/ --to 1.35 --fail-on warning", what: "in a pull request's check" },
  ],
  async run(args, context) {
    const { from, to, fromVersion } = optionsOf(args);
    const failOn = args.failOn as FailOn;
    if (from !== undefined && to !== undefined)
      return checkArchive({ path: only(from), to, failOn, ...(fromVersion && { fromVersion }) }, context);
    const project = await openProject(context);
    const run = await runToPlan(project, context);
    const archive = from === undefined ? undefined : await archiveFor(from, fromVersion, project, run, context);
    const plan = await observeAndPlan(project, run.id, archive, context);
    if (!args.dryRun) {
      await withJournal("plan", project, run, context, async ({ journal }) => {
        await run.write("plan.json", plan);
        await run.writeText("plan.md", planMarkdown(plan, await run.read("approval.json")));
        await journal.append({
          type: "event",
          phase: "plan",
          event: "planned",
          data: { plan: plan.hash, by: userInfo().username },
        });
      });
    }
    const blocked = plan.findings.some(({ severity }) => severity === "blocker");
    const failed = blocked || (failOn === "warning" && plan.findings.some(({ severity }) => severity === "warning"));
    return {
      code: failed ? "findings-blocker" : "ok",
      json: {
        plan,
        ...(args.dryRun ? { dryRun: true } : { file: run.path("plan.json"), markdown: run.path("plan.md") }),
      },
      text: `${planText(plan)}\n\n${args.dryRun ? "Dry run: nothing was written." : `Written to ${run.path("plan.md")}\nNext: ${blocked ? "mend the blockers, then plan again" : "clustershift approve --by NAME"}`}`,
    };
  },
};

function optionsOf(args: Record<string, unknown>) {
  const from = fromOf(args);
  const [to, fromVersion] = [args.to, args.fromVersion].map((value) =>
    value === undefined ? undefined : String(value),
  );
  const alone = to !== undefined ? "--to" : fromVersion !== undefined ? "--from-version" : undefined;
  if (from === undefined && alone !== undefined) {
    const what = `${alone} is of the archive that --from names, and there is no --from.`;
    throw new UserError({ code: "usage", what, fix: "clustershift plan --from FOLDER --to 1.35" });
  }
  return { from, to, fromVersion };
}

function only(from: readonly string[]): string {
  const [path = "", ...others] = from;
  if (others.length === 0) return path;
  throw new UserError({
    code: "usage",
    what: "--to assesses one archive, and --from names several.",
    fix: `clustershift plan --from ${path} --to 1.35, and the same with each of the others`,
  });
}

/** Blue's objects in files, warned of as far as they lack something. */
async function archiveFor(
  paths: readonly string[],
  fromVersion: string | undefined,
  project: Project,
  run: RunFolder,
  context: Context,
): Promise<Archive> {
  const identityFile = identityPath(project, run);
  const archive = await openArchives(
    paths,
    { identityFile, aws: project.config.aws, ...(fromVersion && { fromVersion }) },
    context,
  );
  for (const warning of archive.warnings) context.progress.warn(warning);
  return archive;
}

/** The current run, as long as a new plan can't pull the ground from under moved traffic; else a new one. */
async function runToPlan(project: Project, context: Context): Promise<RunFolder> {
  const current = await findRun(project, context);
  if (current) {
    const evidence = await gatherEvidence(project, current, context);
    if (!gates.notFinished.check(evidence)) {
      const refusal = gates.trafficAtBlue.check(evidence);
      if (refusal) throw new UserError({ code: "traffic-moved", ...refusal });
      return current;
    }
  }
  return new RunFolder(project.runsDir, newRunId(context.edges.now(), await listRuns(project.runsDir)));
}

async function observeAndPlan(
  project: Project,
  runId: string,
  archive: Archive | undefined,
  context: Context,
): Promise<Plan> {
  const { config } = project;
  const blue: BlueSource = archive ?? (await connectBlue(project, context));
  try {
    const info = await infoOf(blue, "plan");
    const from = parseKubeVersion(info.version);
    const to = parseKubeVersion(config.green.version);
    if (!from || !to) {
      throw new UserError({
        code: "cluster-unreachable",
        what: `Blue says that its version is "${info.version}", which is none.`,
        fix: "Check what `kubectl version` says of blue; something between may change its answers.",
      });
    }
    const survey = await surveyKinds(blue, project);
    const surveyed = await surveyObjects(blue, survey, project, context);
    const nodes = await listNodes(blue);
    const topology = topologyOf(nodes);
    const greenTopology = greenShape(project, topology);
    const rehearsal = {
      where: `a throw-away control plane of Kubernetes ${config.green.version} on this machine`,
      differences: rehearsalLimits,
    };
    const { targets, dns } = await describeTargets(project, topology, context);
    const faces = await lookAtSurroundings(project, { nodes, objects: surveyed.objects }, context);
    const preflight = await preflightOf(project, surveyed.objects, context);
    const volumes = plannedVolumes(project, surveyed, greenTopology);
    const assessment: Assessment = {
      from,
      to,
      blueResources: survey.resources,
      broken: survey.broken,
      topology,
      greenTopology,
      kinds: surveyed.kinds,
      changes: surveyed.changes,
      held: surveyed.held,
      exclusive: surveyed.exclusive,
      volumes,
      objects: surveyed.objects,
      decided: surveyed.decided,
      releases: surveyed.releases,
      remarks: [...(archive?.findings ?? []), ...surveyed.remarks.map((finding) => located(finding, archive))],
      distribution: distributionOf(topology),
      rehearsal,
      window: config.window?.opens !== undefined || (config.window?.weekly ?? []).length > 0,
      ...(faces && { faces }),
      ...(dns && { dns: plannedDns(dns, surveyed, project, archive) }),
      ...(archive && { archive: archive.about }),
      ...(preflight && { preflight }),
    };
    const scale = { ...scaleOf(project, surveyed.objects.length, targets), ...volumeScale(volumes) };
    return makePlan({
      run: runId,
      environment: config.environment,
      author: await authorOf(project, context),
      createdAt: context.edges.now().toISOString(),
      configHash: project.configHash,
      blue: { name: config.blue.name, version: info.version, clusterId: info.clusterId, topology },
      green: { version: config.green.version, topology: greenTopology },
      ...(archive && { archive: archive.about }),
      findings: assess(assessment),
      kinds: surveyed.kinds,
      changes: surveyed.changes,
      held: surveyed.held,
      ...(surveyed.exclusive.planned.length > 0 && { exclusive: surveyed.exclusive.planned }),
      ...(volumes.length > 0 && { volumes }),
      deployers: surveyed.decided.deployers,
      targets: targets.map(({ target, from, to }) => ({ target, from, to })),
      steps: stepsOf({
        blue: config.blue.name,
        green: config.green.name,
        greenVersion: config.green.version,
        objects: surveyed.objects.length,
        checks: config.smoke.checks.length,
        records: scale.records,
        addresses: scale.addresses,
        shares: config.traffic.steps,
        soak: config.soak,
        held: releasedBy(surveyed.held),
        exclusive: stoppedBy(surveyed.exclusive.planned),
        volumes: volumeCounts(volumes),
        before: {
          drain: config.blue.teardown?.drain !== undefined,
          snapshots: config.blue.teardown?.finalSnapshots !== undefined,
        },
      }),
      window: config.window ?? null,
      budgets: budgetsOf(scale),
      rollbackSeconds: rollbackSeconds(scale),
      rehearsal,
    });
  } finally {
    await blue.close();
  }
}

/** Who else writes the names that move; a blue that is dead writes nothing. */
function plannedDns(
  { names, zones, staying }: LookedAtZones,
  { externalDns: { blue, green } }: SurveyedObjects,
  { config }: Project,
  archive: Archive | undefined,
): PlannedDns {
  const instances = { blue: archive ? [] : blue, green };
  return { ...writersOf(names, zones, instances), instances, staying, keeps: config.traffic.afterwards === "keep" };
}

/** AWS is asked only where somebody approves by it: an author may not approve alone. */
async function authorOf(project: Project, context: Context): Promise<Author> {
  const author = { user: userInfo().username, host: hostname() };
  const { approvers } = project.config.approval;
  if (!approvers.some(({ aws }) => aws !== undefined)) return author;
  return { ...author, arn: await callerOf(project, context) };
}

function located(finding: Finding, archive: Archive | undefined): Finding {
  const at = finding.object && archive?.placeOf?.(finding.object);
  return { ...finding, ...(at && { at }) };
}

/** How many objects each end of a hold releases. */
function releasedBy(held: readonly PlannedHold[]) {
  const count = (end: HoldEnd): number => held.filter(({ until }) => until === end).length;
  return { cutover: count("cutover"), teardown: count("teardown") };
}

function stoppedBy(exclusive: readonly PlannedExclusive[]) {
  const first = exclusive.filter((each) => each.first).length;
  return { first, later: exclusive.length - first };
}

/** The sandbox's green mirrors blue; an EKS green has the worker groups of its settings, and AWS runs its control plane. */
function greenShape({ config }: Project, blue: Topology): Topology {
  if (config.green.stack.kind === "sandbox") return blue;
  const groups = (config.green.stack.settings.groups ?? []) as { name?: unknown }[];
  const names = new Set(groups.map(({ name }) => String(name)));
  return { zones: blue.zones, groups: blue.groups.filter(({ name, role }) => role === "worker" && names.has(name)) };
}
