import { access, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { AwsSettings } from "../../aws/settings.js";
import { verifyBundle } from "../../bundle/verify.js";
import { type LoadedConfig, loadConfig } from "../../config/load.js";
import { sha256 } from "../../model/canonical.js";
import { parseDuration } from "../../model/duration.js";
import { UserError } from "../../model/errors.js";
import { modulesOf } from "../../replay/changes/transforms/index.js";
import { moduleFiles } from "../../replay/changes/transforms/module-files.js";
import type { Evidence } from "../../run/evidence.js";
import type { Limits } from "../../run/gates/index.js";
import { readJournal } from "../../run/journal.js";
import type { RunFolder } from "../../run/run-folder.js";
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
    configHash: await hashOf(loaded),
    limits: limitsOf(loaded),
  };
}

/** @throws UserError `config-invalid` where `aws` isn't configured, with `why` it is needed */
export function requireAws({ config: { aws }, file }: LoadedConfig, why: string, fix = "Set aws.region."): AwsSettings {
  if (aws) return aws;
  throw new UserError({ code: "config-invalid", what: `${file}: aws is missing, ${why}.`, fix });
}

function limitsOf({
  config: { approval, backup, bundle, health, rehearsal, smoke, soak, traffic },
}: LoadedConfig): Limits {
  const lowers = traffic.ttl !== undefined && traffic.route53.length > 0;
  return {
    approval,
    health,
    bundleMaxAge: milliseconds(bundle.maxAge),
    rehearsalMaxAge: milliseconds(rehearsal.maxAge),
    backup: { require: backup.require, maxAge: milliseconds(backup.maxAge) },
    smokeMaxAge: milliseconds(smoke.maxAge),
    soak: milliseconds(soak),
    leftover: {
      sources: traffic.leftover.sources.map(({ name }) => name),
      quietFor: milliseconds(traffic.leftover.quietFor),
      maxAge: milliseconds(traffic.leftover.maxAge),
    },
    ...(lowers && { ttl: milliseconds(traffic.ttl ?? "0s") }),
  };
}

/**
 * Of the configuration, and of what it consists of beside its file: a plan holds for both as they were. Who is told and
 * where copies are kept changes nothing of what is done, and may change at three in the morning.
 */
async function hashOf({ config: { notify: _notify, record: _record, ...config }, dir }: LoadedConfig): Promise<string> {
  const modules = modulesOf(config.replay.transforms);
  return sha256(modules.length === 0 ? config : { config, modules: await moduleFiles(dir, modules) });
}

/** For durations that the configuration's schema has accepted. */
export function milliseconds(duration: string): number {
  const ms = parseDuration(duration);
  if (ms === undefined) throw new Error(`${duration} is no duration`);
  return ms;
}

export interface GatheredEvidence extends Evidence {
  /** Why the bundle that is there is no evidence: it isn't what was exported. */
  damage?: UserError;
}

/** All evidence of a run as it is on disk now. A bundle counts only once it was verified, now. */
export async function gatherEvidence(
  project: Project,
  run: RunFolder | undefined,
  { edges }: Context,
): Promise<GatheredEvidence> {
  const evidence: Evidence = {
    now: edges.now().getTime(),
    configHash: project.configHash,
    blue: project.config.blue.name,
    journal: [],
  };
  if (!run) return evidence;
  const [plan, approval, green, backup, rehearsal, replay, parity, held, smoke, leftover] = await Promise.all([
    run.read("plan.json"),
    run.read("approval.json"),
    run.read("green.json"),
    run.read("backup.json"),
    run.read("rehearsal.json"),
    run.read("replay.json"),
    run.read("parity.json"),
    run.read("held.json"),
    run.read("smoke.json"),
    run.read("leftover.json"),
  ]);
  return {
    ...evidence,
    ...(plan && { plan }),
    ...(approval && { approval }),
    ...(green && { green }),
    ...(backup && { backup }),
    ...(rehearsal && { rehearsal }),
    ...(replay && { replay }),
    ...(parity && { parity }),
    ...(held && { held }),
    ...(smoke && { smoke }),
    ...(leftover && { leftover }),
    ...(await allowedSigners(project)),
    ...(await verifiedBundle(run)),
    journal: await readJournal(run.journalPath),
  };
}

/** None where it can't be read: then no signature counts, and the gate says why. */
async function allowedSigners({ config, dir }: Project): Promise<Pick<Evidence, "allowedSigners">> {
  const file = config.approval.allowedSigners;
  if (file === undefined) return {};
  const text = await readFile(resolve(dir, file), "utf8").catch(() => undefined);
  return text === undefined ? {} : { allowedSigners: text };
}

async function verifiedBundle(run: RunFolder): Promise<Pick<GatheredEvidence, "bundle" | "damage">> {
  const exists = await access(run.bundlePath).then(
    () => true,
    () => false,
  );
  if (!exists) return {};
  try {
    return { bundle: await verifyBundle(run.bundlePath) };
  } catch (error) {
    if (error instanceof UserError && error.code === "bundle-invalid") return { damage: error };
    throw error;
  }
}
