import { lstat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { messageOf, UserError } from "../../model/errors.js";
import { kindKey } from "../../model/objects.js";
import type { Plan, PlannedPart } from "../../model/plan.js";
import { addressForm, parseVeleroAddress } from "../../velero/address.js";
import { type Archive, type ArchiveOptions, exists, isOtherCluster } from "./archive.js";
import { openBundleArchive } from "./bundle-source.js";
import { openCombined } from "./combined/open-combined.js";
import type { Context } from "./command.js";
import { openFolder } from "./folder-source.js";
import { openVelero } from "./velero-source.js";

/** All that `--from` names, as one. Throws `UserError` bundle-invalid where something of it isn't sound. */
export async function openArchives(
  paths: readonly string[],
  options: ArchiveOptions,
  context: Context,
): Promise<Archive> {
  const [only, ...others] = paths;
  const open = (path: string, given: ArchiveOptions) => openArchive(path, given, context);
  return only !== undefined && others.length === 0 ? open(only, options) : openCombined(paths, options, open);
}

/** One archive, by what the path is. Throws `UserError` bundle-invalid where it isn't sound. */
export async function openArchive(path: string, options: ArchiveOptions, context: Context): Promise<Archive> {
  const kind = await kindOfArchive(path, context);
  if (kind === "bundle") return openBundleArchive(path, options, context);
  return kind === "velero" ? openVelero(path, options, context) : openFolder(path, options, context);
}

/** Throws `UserError` usage where there is nothing, or nothing that could be one. */
export async function kindOfArchive(path: string, { edges }: Context): Promise<PlannedPart["kind"]> {
  if (parseVeleroAddress(path)) return "velero";
  const file = resolve(edges.cwd, path);
  const fix = `Name a folder of YAML or JSON, a bundle, Velero's backups/NAME/NAME.tar.gz, or ${addressForm}.`;
  const stat = await lstat(file).catch((cause: unknown) => {
    throw new UserError({ code: "usage", what: `--from ${path} can't be read: ${messageOf(cause)}`, fix, cause });
  });
  if (stat.isDirectory()) return (await exists(join(file, "bundle.json"))) ? "bundle" : "folder";
  if (stat.isFile() && /\.(?:tar\.gz|tgz)$/.test(path)) return "velero";
  if (stat.isFile() && /\.(?:ya?ml|json)$/i.test(path)) return "folder";
  throw new UserError({ code: "usage", what: `--from ${path} is no archive.`, fix });
}

/** Kinds of which an archive has fewer objects than a plan counted in blue. */
export type Fewer = { kind: string; planned: number; found: number }[];

/**
 * What an archive lacks beside the plan that it is exported for. Throws `UserError` bundle-invalid where it's of another cluster
 * than the plan's.
 */
export async function fewerThan(plan: Plan, archive: Archive): Promise<Fewer> {
  const { clusterId } = await archive.info();
  if (isOtherCluster(clusterId, plan)) {
    throw new UserError({
      code: "bundle-invalid",
      what: `${archive.about.path}: is of cluster ${clusterId}; the plan's blue is ${plan.blue.clusterId}.`,
      fix: `Name an archive of this blue; or plan again: clustershift plan --from ${archive.about.path.replaceAll(" + ", " --from ")}`,
    });
  }
  const { resources } = await archive.discover();
  const found = new Map<string, number>();
  for (const resource of resources)
    found.set(kindKey(resource), Math.max(archive.count(resource), found.get(kindKey(resource)) ?? 0));
  return plan.kinds
    .map(({ kind, count }) => ({ kind, planned: count, found: found.get(kind) ?? 0 }))
    .filter((each) => each.found < each.planned);
}
