import { mkdir } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { type Bundle, openBundle } from "../../bundle/read.js";
import { verifyBundle } from "../../bundle/verify.js";
import { type LoadedConfig, loadConfig } from "../../config/load.js";
import type { Config } from "../../config/schema.js";
import type { KubeReader, KubeWriter } from "../../kube/api.js";
import { connect, connectReadOnly } from "../../kube/connect.js";
import { sha256 } from "../../model/canonical.js";
import { parseDuration } from "../../model/duration.js";
import { UserError } from "../../model/errors.js";
import type { GreenRecord } from "../../model/run.js";
import type { Evidence } from "../../run/evidence.js";
import { checkGates, type GatedCommand, type GateResult, type Limits, requireGates } from "../../run/gates.js";
import { FileJournal, readJournal } from "../../run/journal.js";
import { type Lock, takeLock } from "../../run/lock.js";
import { listRuns, RunFolder } from "../../run/run-folder.js";
import type { Context } from "./command.js";

/** The configuration and what follows from it: where every command begins. */
export interface Project extends LoadedConfig {
  runsDir: string;
  configHash: string;
  limits: Limits;
}

export async function openProject({ args, edges }: Context): Promise<Project> {
  const loaded = await loadConfig(resolve(edges.cwd, args.config));
  return {
    ...loaded,
    runsDir: resolve(loaded.dir, loaded.config.runs),
    configHash: sha256(loaded.config),
    limits: { smokeMaxAge: milliseconds(loaded.config.smoke.maxAge), soak: milliseconds(loaded.config.soak) },
  };
}

/** For durations that the configuration's schema has accepted. */
export function milliseconds(duration: string): number {
  const ms = parseDuration(duration);
  if (ms === undefined) throw new Error(`${duration} is no duration`);
  return ms;
}

/** The run that --run names, or the newest; undefined where there is none yet. */
export async function findRun(project: Project, { args }: Context): Promise<RunFolder | undefined> {
  const runs = await listRuns(project.runsDir);
  if (args.run === undefined) {
    const newest = runs.at(-1);
    return newest === undefined ? undefined : new RunFolder(project.runsDir, newest);
  }
  if (runs.includes(args.run)) return new RunFolder(project.runsDir, args.run);
  throw new UserError({
    code: "usage",
    what: `There is no run "${args.run}" in ${project.runsDir}.`,
    fix: runs.length > 0 ? `Runs there are: ${runs.join(", ")}.` : "Begin one: clustershift plan",
  });
}

/** The same, where a run is needed. */
export async function requireRun(project: Project, context: Context): Promise<RunFolder> {
  const run = await findRun(project, context);
  if (run) return run;
  throw new UserError({
    code: "no-plan",
    what: `There is no run in ${project.runsDir} yet.`,
    fix: "clustershift plan",
  });
}

/** All evidence of a run as it is on disk now. A bundle counts only once it was verified, now. */
export async function gatherEvidence(
  project: Project,
  run: RunFolder | undefined,
  { edges }: Context,
): Promise<Evidence> {
  const evidence: Evidence = { now: edges.now().getTime(), configHash: project.configHash, journal: [] };
  if (!run) return evidence;
  const [plan, approval, green, rehearsal, replay, parity, smoke] = await Promise.all([
    run.read("plan.json"),
    run.read("approval.json"),
    run.read("green.json"),
    run.read("rehearsal.json"),
    run.read("replay.json"),
    run.read("parity.json"),
    run.read("smoke.json"),
  ]);
  return {
    ...evidence,
    ...(plan && { plan }),
    ...(approval && { approval }),
    ...(green && { green }),
    ...(rehearsal && { rehearsal }),
    ...(replay && { replay }),
    ...(parity && { parity }),
    ...(smoke && { smoke }),
    ...(await verifiedBundle(run)),
    journal: await readJournal(run.journalPath),
  };
}

async function verifiedBundle(run: RunFolder): Promise<Pick<Evidence, "bundle">> {
  try {
    return { bundle: await verifyBundle(run.bundlePath) };
  } catch (error) {
    if (error instanceof UserError && error.code === "bundle-invalid") return {};
    throw error;
  }
}

/** Override of one gate, from --force and --reason. */
export interface Force {
  gate: string;
  reason: string;
}

export function forceOf(args: Record<string, unknown>): Force | undefined {
  const { force, reason } = args;
  if (force === undefined) return undefined;
  if (typeof reason === "string" && reason.trim() !== "") return { gate: String(force), reason };
  throw new UserError({
    code: "usage",
    what: `--force ${String(force)} needs a reason.`,
    fix: 'Add --reason "why this gate may be overridden"; it goes into the journal with your name.',
  });
}

export interface Work {
  evidence: Evidence;
  journal: FileJournal;
  lock: Lock;
}

/**
 * Checks a command's gates under the run's lock, and lets it work. What was forced is journalled before anything is done.
 * The lock is released and the journal closed however the work ends.
 */
export async function underGates<Result>(
  command: GatedCommand,
  project: Project,
  run: RunFolder,
  context: Context,
  force: Force | undefined,
  work: (work: Work) => Promise<Result>,
): Promise<Result> {
  return withJournal(command, run, context, async ({ journal, lock }) => {
    const evidence = await gatherEvidence(project, run, context);
    const forced = requireGates(checkGates(command, evidence, project.limits), force?.gate);
    for (const { gate, refusal } of forced) {
      context.progress.warn(`gate ${gate.id} is overridden: ${refusal?.what}`);
      const data = {
        gate: gate.id,
        refused: refusal?.what,
        reason: force?.reason,
        by: lock.owner.user,
        host: lock.owner.host,
      };
      await journal.append({ type: "event", phase: command, event: "forced", data });
    }
    return work({ evidence, journal, lock });
  });
}

/** Holds the run's lock and journal while the work is done. */
export async function withJournal<Result>(
  command: string,
  run: RunFolder,
  { edges }: Context,
  work: (held: { journal: FileJournal; lock: Lock }) => Promise<Result>,
): Promise<Result> {
  await mkdir(run.dir, { recursive: true });
  const lock = await takeLock(run.lockPath, command, edges.now());
  try {
    const journal = await FileJournal.open(run.journalPath, edges.now, () => lock.assertHeld());
    try {
      return await work({ journal, lock });
    } finally {
      await journal.close();
    }
  } finally {
    await lock.release();
  }
}

/** The gates of a command, for its dry run: nothing is refused, everything is told. */
export function describeGates(results: readonly GateResult[]): string[] {
  return results.map(({ gate, refusal }) =>
    refusal ? `refuses  ${gate.id}: ${refusal.what} -> ${refusal.fix}` : `holds    ${gate.id}`,
  );
}

/** Blue, for reading only: there is no way to get more of it. */
export function connectBlue(project: Project, { edges }: Context): Promise<KubeReader> {
  const { kubeconfig, context } = project.config.blue;
  return connectReadOnly({
    ...(kubeconfig && { kubeconfig: resolve(project.dir, kubeconfig) }),
    context,
    env: edges.env,
  });
}

export function connectGreen(run: RunFolder, green: GreenRecord, { edges }: Context): Promise<KubeWriter> {
  const kubeconfig = isAbsolute(green.kubeconfig) ? green.kubeconfig : run.path(green.kubeconfig);
  return connect({ kubeconfig, context: green.context, env: edges.env });
}

/** The bundle of a run, opened for reading with the run's or the configured identity. */
export async function openRunBundle(project: Project, run: RunFolder): Promise<Bundle> {
  return openBundle(run.bundlePath, { identityFile: identityPath(project, run) });
}

/** Where the age identity lies: configured, or the run's own. */
export function identityPath({ config, dir }: { config: Config; dir: string }, run: RunFolder): string {
  return config.bundle.identityFile ? resolve(dir, config.bundle.identityFile) : run.path("age-identity.txt");
}
