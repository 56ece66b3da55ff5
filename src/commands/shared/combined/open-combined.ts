import { homeOf } from "../../../kube/resources.js";
import { sha256 } from "../../../model/canonical.js";
import { UserError } from "../../../model/errors.js";
import { parseKubeVersion } from "../../../model/kube-version.js";
import { kindKey, type ObjectRef, refKey } from "../../../model/objects.js";
import type { PlannedArchive, PlannedPart } from "../../../model/plan.js";
import {
  type Archive,
  type ArchiveOptions,
  type FoundVersion,
  pagesOf,
  unknownCluster,
  versionOfArchive,
} from "../archive.js";
import { combinedFindings } from "./findings.js";
import { type MergedKind, mergeKind, type Source } from "./merge-kind.js";

/** What an archive is opened with that need not say its version: another one may. */
const unstated = "unknown";

/**
 * Several archives of one blue in its place: a backup, and an export that is newer. Of an object that several have the last named one's
 * counts; what only an earlier one has is kept.
 *
 * @throws UserError as the archives do; `bundle-invalid` where they are of different clusters, or have no version of a kind in common
 */
export async function openCombined(
  paths: readonly string[],
  options: ArchiveOptions,
  open: (path: string, options: ArchiveOptions) => Promise<Archive>,
): Promise<Archive> {
  const parts: Archive[] = [];
  const close = async () => void (await Promise.all(parts.map((part) => part.close())));
  try {
    for (const path of paths)
      parts.push(await open(path, { ...options, fromVersion: options.fromVersion ?? unstated }));
    return { ...(await combine(parts, options)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function combine(parts: readonly Archive[], options: ArchiveOptions): Promise<Omit<Archive, "close">> {
  const path = parts.map(({ about }) => about.path).join(" + ");
  const found = versionAmong(parts);
  const { version, by } = versionOfArchive(path, options, found);
  const clusterId = await oneCluster(parts);
  const kinds = await mergedKinds(parts);
  const of = (kind: { group: string; kind: string }) => kinds.get(kindKey(homeOf(kind)));
  const partOf = (ref: ObjectRef): Archive | undefined => {
    const home = { ...ref, ...homeOf(ref) };
    return parts[of(ref)?.from.get(refKey(home)) ?? -1];
  };
  const about = aboutAll(parts, kinds, path, by);
  return {
    about,
    found,
    identity: async () => sha256(await Promise.all(parts.map((part) => part.identity()))),
    warnings: [...parts.flatMap(({ warnings }) => warnings), ...orderWarnings(parts), ...versionWarnings(parts)],
    findings: [
      // What a backup lacks comes all the same where another archive has it.
      ...parts
        .flatMap(({ findings = [] }) => findings)
        .filter(({ id, object }) => id !== "backup-lacks-object" || !object || !partOf(object)),
      ...combinedFindings([...kinds.values()], parts),
    ],
    holds: (object) => parts.some((part) => part.holds?.(object) ?? true),
    info: async () => ({ version, clusterId }),
    discover: async () => ({ resources: [...kinds.values()].flatMap(({ resources }) => resources), broken: [] }),
    async *pages(resource) {
      const kind = of(resource);
      yield* pagesOf(kind ? kind.objects(resource) : []);
    },
    count: (resource) => of(resource)?.from.size ?? 0,
    placeOf: (ref) => partOf(ref)?.placeOf?.(ref),
    originOf: (ref) => partOf(ref)?.about.path,
  };
}

/** Each kind under the group in which it's stored, sorted. */
async function mergedKinds(parts: readonly Archive[]): Promise<Map<string, MergedKind>> {
  const sources = new Map<string, Map<number, Source>>();
  for (const [part, archive] of parts.entries()) {
    for (const resource of (await archive.discover()).resources) {
      const key = kindKey(homeOf(resource));
      const its = sources.get(key) ?? new Map<number, Source>();
      const source = its.get(part) ?? { part, archive, resources: [] };
      source.resources.push(resource);
      sources.set(key, its.set(part, source));
    }
  }
  const merged = new Map<string, MergedKind>();
  for (const [key, its] of [...sources].sort(([a], [b]) => (a < b ? -1 : 1)))
    merged.set(key, await mergeKind([...its.values()]));
  return merged;
}

function aboutAll(
  parts: readonly Archive[],
  kinds: ReadonlyMap<string, MergedKind>,
  path: string,
  versionBy: string,
): PlannedArchive {
  const known = parts.flatMap(({ about }) => about.takenAt ?? []).sort();
  return {
    kind: "several",
    path,
    // What only the oldest has is as old as that.
    takenAt: known[0] ?? null,
    versionBy,
    parts: parts.map(({ about: { kind, path, takenAt } }, part): PlannedPart => {
      if (kind === "several") throw new Error("several archives in one of several");
      const counts = [...kinds].map(([key, { from }]): [string, number] => [
        key,
        [...from.values()].filter((each) => each === part).length,
      ]);
      return { kind, path, takenAt, kinds: Object.fromEntries(counts.filter(([, count]) => count > 0)) };
    }),
  };
}

/** What asked a server knows better than what nodes say of themselves. */
function versionAmong(parts: readonly Archive[]): FoundVersion | undefined {
  const latest = [...parts].reverse();
  return (
    latest.find(({ about, found }) => about.kind !== "folder" && found)?.found ??
    latest.find(({ found }) => found)?.found
  );
}

function versionWarnings(parts: readonly Archive[]): string[] {
  const minors = parts.flatMap(({ about, found }) => {
    const version = found && parseKubeVersion(found.version);
    return version ? [{ path: about.path, version: `${version.major}.${version.minor}` }] : [];
  });
  return new Set(minors.map(({ version }) => version)).size < 2
    ? []
    : [`the archives say different versions: ${minors.map(({ path, version }) => `${path} ${version}`).join(", ")}`];
}

function orderWarnings(parts: readonly Archive[]): string[] {
  const warnings: string[] = [];
  for (const [index, { about }] of parts.entries()) {
    const newer = parts.slice(0, index).find((each) => (each.about.takenAt ?? "") > (about.takenAt ?? "9"));
    if (newer)
      warnings.push(
        `${about.path} is of ${about.takenAt}, older than ${newer.about.path} of ${newer.about.takenAt}, and counts since it is named later`,
      );
  }
  return warnings;
}

async function oneCluster(parts: readonly Archive[]): Promise<string> {
  const ids: { path: string; id: string }[] = [];
  for (const part of parts) ids.push({ path: part.about.path, id: (await part.info()).clusterId });
  const [first, ...others] = ids.filter(({ id }) => id !== unknownCluster);
  const other = others.find(({ id }) => id !== first?.id);
  if (!first) return unknownCluster;
  if (!other) return first.id;
  throw new UserError({
    code: "bundle-invalid",
    what: `${first.path} is of cluster ${first.id}, and ${other.path} of cluster ${other.id}.`,
    fix: "Name archives of one blue alone.",
  });
}
