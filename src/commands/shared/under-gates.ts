import { mkdir, readFile, rm } from "node:fs/promises";
import { UserError } from "../../model/errors.js";
import type { Evidence } from "../../run/evidence.js";
import { checkGates, type GatedCommand, type GateResult, mustLook, requireGates } from "../../run/gates/index.js";
import { FileJournal } from "../../run/journal.js";
import { type Lock, takeLock } from "../../run/lock.js";
import type { RunFolder } from "../../run/run-folder.js";
import type { Context } from "./command.js";
import { lookAtExternalDns } from "./external-dns.js";
import { lookAtClusters } from "./health.js";
import { type GatheredEvidence, gatherEvidence, type Project } from "./project.js";
import { keepRecord } from "./record/keep.js";

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
  return withJournal(command, project, run, context, async ({ journal, lock }) => {
    const evidence = await gatherAndLook(command, project, run, context, force);
    const forced = passGates(command, evidence, project, force);
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

/** As gatherEvidence; and where a command's gates ask it, and no other gate refuses, both clusters are looked at. */
export async function gatherAndLook(
  command: GatedCommand,
  project: Project,
  run: RunFolder,
  context: Context,
  force?: Force,
): Promise<GatheredEvidence> {
  const evidence = await gatherEvidence(project, run, context);
  if (!mustLook(checkGates(command, evidence, project.limits), force?.gate)) return evidence;
  const health = await lookAtClusters(project, run, evidence, context);
  const dns = await lookAtExternalDns(project, run, { ...evidence, health }, context);
  return { ...evidence, health, dns, now: context.edges.now().getTime() };
}

/** As requireGates; but where a damaged bundle is what holds, its own words say which file and line. */
function passGates(command: GatedCommand, evidence: GatheredEvidence, { limits }: Project, force: Force | undefined) {
  try {
    return requireGates(checkGates(command, evidence, limits), force?.gate);
  } catch (error) {
    throw error instanceof UserError && error.code === "bundle-missing" ? (evidence.damage ?? error) : error;
  }
}

/** Holds the run's lock and journal while the work is done, here and wherever copies of its record are kept. */
export async function withJournal<Result>(
  command: string,
  project: Project,
  run: RunFolder,
  context: Context,
  work: (held: { journal: FileJournal; lock: Lock }) => Promise<Result>,
): Promise<Result> {
  await mkdir(run.dir, { recursive: true });
  const lock = await takeLock(run.lockPath, command, context.edges.now());
  try {
    const kept = await keepRecord(command, project, run, context, lock.owner);
    try {
      await kept.catchUp();
      const journal = await FileJournal.open(run.journalPath, context.edges.now, {
        async mayWrite() {
          await lock.assertHeld();
          await kept.assertHeld();
        },
        written: (line, entry) => kept.written(line, entry),
      });
      try {
        await kept.begin(await readFile(run.journalPath));
        return await work({ journal, lock });
      } finally {
        await journal.close();
        // A refusal that came first leaves nothing half begun.
        if (journal.entries().length === 0) await rm(run.journalPath, { force: true });
      }
    } finally {
      await kept.end();
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
