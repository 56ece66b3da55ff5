import { migrations } from "../../../../migrations/index.js";
import { broughtTo } from "../../../../migrations/shared/brought-to.js";
import { homeOf } from "../../../kube/resources.js";
import { essence, isVolatile, type Known } from "../../../manifests/one-of-each.js";
import { completeVersions } from "../../../manifests/one-version.js";
import { UserError } from "../../../model/errors.js";
import {
  type ApiResource,
  apiVersionOf,
  groupOf,
  type KubeObject,
  type ObjectRef,
  refKey,
  refOf,
  versionOf,
} from "../../../model/objects.js";
import { perClusterKind } from "../../../replay/rules/per-cluster-kinds.js";
import type { Archive } from "../archive.js";

/** One of several archives that have objects of a kind. */
export interface Source {
  /** Its place among all archives; of an object the one with the highest counts. */
  part: number;
  archive: Archive;
  /** The kind, in each version in which the archive has all of its objects. */
  resources: ApiResource[];
}

/** An object that isn't the same in all archives, or isn't in all. */
export interface Told {
  ref: ObjectRef;
  /** Which has it; of two that differ, which one's counts. */
  from: number;
  /** Which has it otherwise, or lacks it. */
  other: number;
}

/** The objects of one kind, out of several archives. */
export interface MergedKind {
  resources: ApiResource[];
  /** By `refKey`: which archive's object counts. */
  from: ReadonlyMap<string, number>;
  differing: Told[];
  /** Not in a later archive, which has others of the kind. */
  onlyEarlier: Told[];
  objects(resource: ApiResource): AsyncIterable<KubeObject>;
}

export const homeRef = (object: KubeObject): ObjectRef => ({ ...refOf(object), ...homeOf(refOf(object)) });

/**
 * Reads all of a kind once, and decides for each object from which archive it comes. Objects stay where they are; only where no
 * version is common to all archives they are taken into memory, and brought to one version.
 *
 * @param sources at least one, in order
 * @throws UserError `bundle-invalid` where that can't be
 */
export async function mergeKind(sources: readonly Source[]): Promise<MergedKind> {
  const [common] = commonVersions(sources);
  const seen = new Map<string, { part: number; sum: string; apiVersion: string }>();
  const [differing, onlyEarlier]: [Told[], Told[]] = [[], []];
  const later: number[] = [];
  const kept: Known[] = [];
  for (const { part, archive, resources } of [...sources].reverse()) {
    const resource = resources.find((each) => apiVersion(each) === common) ?? resources[0];
    if (!resource) continue;
    for await (const { items } of archive.pages(resource)) {
      for (const object of items) {
        const ref = homeRef(object);
        const known = seen.get(refKey(ref));
        if (!known) {
          seen.set(refKey(ref), { part, sum: essence(object), apiVersion: object.apiVersion });
          if (common === undefined) kept.push(knownOf(ref, object, archive));
          const [lacking] = later;
          if (lacking !== undefined && !isMadeAnew(object)) onlyEarlier.push({ ref, from: part, other: lacking });
        } else if (!isMadeAnew(object) && !isSame(object, known)) {
          differing.push({ ref, from: known.part, other: part });
        }
      }
    }
    later.push(part);
  }
  const from = new Map([...seen].map(([key, { part }]) => [key, part]));
  const told = { from, differing, onlyEarlier };
  return common === undefined ? { ...told, ...inMemory(kept, sources) } : { ...told, ...inPlace(from, sources) };
}

const apiVersion = ({ group, version }: ApiResource): string => apiVersionOf(group, version);

function commonVersions(sources: readonly Source[]): string[] {
  const [first = [], ...others] = sources.map(({ resources }) => resources.map(apiVersion));
  return first.filter((each) => others.every((versions) => versions.includes(each)));
}

function inPlace(
  from: ReadonlyMap<string, number>,
  sources: readonly Source[],
): Pick<MergedKind, "resources" | "objects"> {
  const versions = new Set(commonVersions(sources));
  const { resources } = shaped(sources);
  return {
    resources: resources.filter((each) => versions.has(apiVersion(each))),
    async *objects(resource) {
      for (const { part, archive, resources: own } of [...sources].reverse()) {
        const its = own.find((each) => apiVersion(each) === apiVersion(resource));
        if (!its) continue;
        for await (const { items } of archive.pages(its))
          for (const object of items) if (from.get(refKey(homeRef(object))) === part) yield object;
      }
    },
  };
}

function inMemory(kept: readonly Known[], sources: readonly Source[]): Pick<MergedKind, "resources" | "objects"> {
  const complete = completeVersions(kept, migrations);
  if (!(complete instanceof Map)) {
    throw new UserError({
      code: "bundle-invalid",
      what: `${sources.map(({ archive }) => archive.about.path).join(" and ")}: ${complete.what}`,
      fix: "Export the kind again in a version that the others have.",
    });
  }
  const [shape] = shaped(sources).resources;
  const lists = [...complete].map(([version, placed]) => ({
    resource: { ...(shape as ApiResource), group: groupOf(version), version: versionOf(version) },
    objects: placed.map(({ object }) => object),
  }));
  return {
    resources: lists.map(({ resource }) => resource),
    async *objects(wanted) {
      yield* lists.find(({ resource }) => apiVersion(resource) === apiVersion(wanted))?.objects ?? [];
    },
  };
}

/** Files say nothing of plurals and scopes, which for some kinds are guessed there; what read a server knows them. */
function shaped(sources: readonly Source[]): Source {
  const known = sources.find(({ archive }) => archive.about.kind !== "folder") ?? sources.at(-1);
  if (!known) throw new Error("a kind that no archive has");
  return known;
}

function knownOf(ref: ObjectRef, object: KubeObject, archive: Archive): Known {
  const place = archive.placeOf?.(ref) ?? { file: archive.about.path, line: 1 };
  return { ref, versions: new Map([[object.apiVersion, { object, place }]]) };
}

function isSame(object: KubeObject, known: { sum: string; apiVersion: string }): boolean {
  return essence(broughtTo(object, known.apiVersion, migrations) ?? object) === known.sum;
}

/** What each cluster, or a controller, makes by itself comes and goes all the time. */
function isMadeAnew(object: KubeObject): boolean {
  const ref = refOf(object);
  const isOwned = object.metadata.ownerReferences?.some(({ controller }) => controller) ?? false;
  return isOwned || isVolatile(ref) || perClusterKind(ref) !== undefined;
}
