import { migrations } from "../../../migrations/index.js";
import { UserError } from "../../model/errors.js";
import { parseKubeVersion } from "../../model/kube-version.js";
import type { ApiResource, ObjectRef } from "../../model/objects.js";
import type { GreenRecord } from "../../model/run.js";
import { predictResources } from "../../plan/predict.js";
import { readLive } from "../../replay/live-source.js";
import type { ReplaySource } from "../../replay/replay.js";
import type { RunFolder } from "../../run/run-folder.js";
import type { BlueSource } from "./archive.js";
import { exists } from "./archive.js";
import { bundleSource } from "./bundle-source.js";
import { connectBlue, connectGreen, identityPath, openRunBundle } from "./clusters.js";
import type { Context } from "./command.js";
import { openArchives } from "./open-archive.js";
import type { Project } from "./project.js";

/** Where to look for blue's objects: `from` names an archive, `live` asks blue itself though there is a bundle. */
export interface Wanted {
  from?: readonly string[] | undefined;
  fromVersion?: string | undefined;
  live?: boolean | undefined;
}

/** Blue's objects, and what is known of what both clusters serve. */
export interface BlueObjects {
  source: ReplaySource;
  /** For people: what was read. */
  shown: string;
  resources: ApiResource[];
  /** For people: which of several archives an object was read from. */
  originOf?(ref: ObjectRef): string | undefined;
}

/** What green serves: asked of it where it stands, else predicted from its version. */
export interface GreenServes {
  resources: (blue: readonly ApiResource[]) => ApiResource[];
  /** For people: how it is known. */
  shown: string;
  /** Absent where green wasn't asked. */
  clusterId?: string;
}

/** Asks green where a run has one that answers; else green's version says what it will serve. */
export async function greenServes(
  project: Project,
  run: RunFolder | undefined,
  record: GreenRecord | undefined,
  context: Context,
): Promise<GreenServes> {
  const { version } = project.config.green;
  if (run && record) {
    try {
      const green = await connectGreen(project, run, record, context);
      try {
        const { resources } = await green.discover();
        const { clusterId, version: found } = await green.info();
        return { resources: () => resources, shown: `green, Kubernetes ${found}`, clusterId };
      } finally {
        await green.close();
      }
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      context.progress.warn(`green doesn't answer, so what it serves is taken from its version: ${error.message}`);
    }
  }
  const to = parseKubeVersion(version);
  return {
    resources: (blue) => (to ? predictResources(blue, to) : [...blue]),
    shown: `Kubernetes ${version}, by what that version is known to serve`,
  };
}

/** All of blue's objects: of an archive, of the run's bundle, or of blue itself where there is no bundle. */
export async function blueObjects(
  project: Project,
  run: RunFolder | undefined,
  { from, fromVersion, live = false }: Wanted,
  green: GreenServes,
  context: Context,
): Promise<BlueObjects> {
  if (from !== undefined && live)
    throw new UserError({
      code: "usage",
      what: "--from names an archive in blue's place, and --live asks blue itself.",
      fix: "Give one of them.",
    });
  if (from !== undefined) return archiveObjects(from, fromVersion, project, run, green.resources, context);
  if (run && !live && (await exists(run.bundlePath))) {
    const bundle = await openRunBundle(project, run);
    const { exportedAt, kinds } = bundle.manifest;
    const shown = `the bundle of run ${run.id}, exported ${exportedAt}`;
    return { source: bundleSource(bundle), shown, resources: kinds.map(({ resource }) => resource) };
  }
  return readAll(await connectBlue(project, context), `blue (${project.config.blue.name})`, green.resources);
}

/** All objects of an archive, or of several; `serves` says what green does. Throws `UserError` bundle-invalid where one isn't sound. */
export async function archiveObjects(
  from: readonly string[],
  fromVersion: string | undefined,
  project: Project,
  run: RunFolder | undefined,
  serves: GreenServes["resources"],
  context: Context,
): Promise<BlueObjects> {
  const identityFile = run ? identityPath(project, run) : project.config.bundle.identityFile;
  const options = {
    ...(fromVersion !== undefined && { fromVersion }),
    ...(identityFile !== undefined && { identityFile }),
    aws: project.config.aws,
  };
  const archive = await openArchives(from, options, context);
  const { originOf } = archive;
  return { ...(await readAll(archive, from.join(" + "), serves)), ...(originOf && { originOf }) };
}

async function readAll(blue: BlueSource, shown: string, serves: GreenServes["resources"]): Promise<BlueObjects> {
  try {
    const { resources } = await blue.discover();
    const source = await readLive(blue, serves(resources), migrations);
    return { source, shown, resources };
  } finally {
    await blue.close();
  }
}
