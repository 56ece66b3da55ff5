import { resolve } from "node:path";
import { migrations } from "../../../migrations/index.js";
import { archiveOf } from "../../manifests/archive.js";
import { type LeftOut, type Manifests, readFolder } from "../../manifests/read-folder.js";
import { guessVersion, newestTrace } from "../../manifests/traces.js";
import { sha256 } from "../../model/canonical.js";
import { UserError } from "../../model/errors.js";
import { type Archive, type ArchiveOptions, clusterIdOf, pagesOf, versionOfArchive } from "./archive.js";
import type { Context } from "./command.js";

/** Everything below a folder, as it stands there. */
export async function readManifests(path: string, { edges, progress }: Context): Promise<Manifests> {
  const manifests = await readFolder(resolve(edges.cwd, path), {
    shown: path,
    signal: edges.signal,
    onProgress: (done) => progress.tick(`reading ${path}`, { done, unit: "objects" }),
  });
  if (manifests.objects.length > 0) return manifests;
  const why = manifests.leftOut.length > 0 ? ` ${leftOutText(manifests.leftOut).join("; ")}.` : "";
  throw new UserError({
    code: "bundle-invalid",
    what: `${path}: there is no object of Kubernetes in it.${why}`,
    fix: "Name the folder with the exported objects by --from.",
    defects: [{ id: "unreadable", what: `${path}: there is no object of Kubernetes in it.${why}` }],
  });
}

/** A folder of YAML and JSON, such as a script of `kubectl get -o yaml` left behind, in blue's place. */
export async function openFolder(path: string, options: ArchiveOptions, context: Context): Promise<Archive> {
  const manifests = await readManifests(path, context);
  const all = manifests.objects.map(({ object }) => object);
  const found = guessVersion(all);
  const { version, by } = versionOfArchive(path, options, found);
  const archive = archiveOf(manifests, migrations);
  const clusterId = await clusterIdOf(archive.resources, archive.objects, options.plan);
  return {
    about: { kind: "folder", path, takenAt: newestTrace(all) ?? null, versionBy: by },
    found,
    identity: async () => sha256(archive.resources.map((resource) => [resource, archive.objects(resource)])),
    warnings: [...leftOutText(manifests.leftOut), ...archive.remarks].map((text) => `${path}: ${text}`),
    info: async () => ({ version, clusterId }),
    discover: async () => ({ resources: archive.resources, broken: [] }),
    pages: (resource) => pagesOf(archive.objects(resource)),
    count: (resource) => archive.objects(resource).length,
    placeOf: archive.placeOf,
    close: async () => {},
  };
}

const most = 10;

/** What was left out: each by name, but of files that nobody took for manifests only some. */
export function leftOutText(leftOut: readonly LeftOut[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { where, why } of leftOut) byReason.set(why, [...(byReason.get(why) ?? []), where]);
  return [...byReason].map(([why, places]) => {
    const others = places.length > most ? ` and ${places.length - most} more` : "";
    return `left out: ${places.slice(0, most).join(", ")}${others}: ${why}`;
  });
}
