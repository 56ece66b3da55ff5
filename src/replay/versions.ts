import { homeOf } from "../kube/resources.js";
import type { Migration } from "../model/migration.js";
import { type ApiResource, apiVersionOf, type GroupKind, type KubeObject, kindKey } from "../model/objects.js";
import { compareApiVersions } from "./api-priority.js";
import { type CustomKind, customKinds, customResource } from "./custom-kinds.js";

/** How the objects of one kind get from blue to green. */
export interface Choice {
  groupKind: GroupKind;
  /** The version in which blue is read. */
  readAs: ApiResource;
  /** The apiVersion in which green is written; null where nothing will be. */
  writeAs: string | null;
  /** Present exactly where the path is `migration`. */
  migration?: Migration;
  /**
   * - common: both servers serve a version; - migration: none in common, but a migration leads across;
   * - custom: a definition of blue's own provides it; - none: nothing leads to green, which a plan calls a blocker
   *   unless a rule leaves the whole kind behind.
   */
  path: "common" | "migration" | "custom" | "none";
}

/**
 * Chooses, for each kind that blue can list, the version to read and the version to write: the newest that both serve;
 * only where there is none, a migration. An API server gives each object in every version it knows, so that a common
 * version needs no conversion of ours.
 */
export function chooseVersions(
  blueResources: readonly ApiResource[],
  greenResources: readonly ApiResource[],
  migrations: readonly Migration[],
  crds: Iterable<KubeObject>,
): Choice[] {
  const definitions = customKinds(crds);
  const blue = byKind(blueResources.filter(({ verbs }) => verbs.includes("list")));
  const green = byKind(greenResources.filter(({ verbs }) => verbs.includes("create")));

  const choices: Choice[] = [];
  for (const [key, versions] of blue) {
    // Some kinds are served under two groups from one storage: their objects would be listed, and counted, twice.
    const home = versions[0] && kindKey(homeOf(versions[0]));
    if (home !== undefined && home !== key && blue.has(home)) continue;
    const served = green.get(key) ?? [];
    const choice =
      custom(definitions.get(key), versions, served) ??
      common(versions, served) ??
      migrated(versions, green, migrations) ??
      none(versions);
    if (choice) choices.push(choice);
  }
  return choices;
}

/** Versions of each kind, newest first. */
function byKind(resources: readonly ApiResource[]): Map<string, ApiResource[]> {
  const kinds = new Map<string, ApiResource[]>();
  for (const resource of resources) {
    const key = kindKey(resource);
    kinds.set(key, [...(kinds.get(key) ?? []), resource]);
  }
  for (const versions of kinds.values()) versions.sort((a, b) => compareApiVersions(a.version, b.version));
  return kinds;
}

/** The stored version first: read and written so, no conversion webhook has to answer on either side. */
function custom(kind: CustomKind | undefined, versions: ApiResource[], green: ApiResource[]): Choice | undefined {
  if (!kind) return undefined;
  const served = versions.filter(({ version }) => kind.served.includes(version));
  const both = served.filter(({ version }) => green.some((resource) => resource.version === version));
  const candidates = both.length > 0 ? both : served;
  const readAs = candidates.find(({ version }) => version === kind.storage) ?? candidates[0];
  return readAs && { ...as(readAs), writeAs: apiVersionOf(readAs.group, readAs.version), path: "custom" };
}

function common(versions: ApiResource[], green: ApiResource[]): Choice | undefined {
  const readAs = versions.find(({ version }) => green.some((resource) => resource.version === version));
  return readAs && { ...as(readAs), writeAs: apiVersionOf(readAs.group, readAs.version), path: "common" };
}

function migrated(
  versions: ApiResource[],
  green: Map<string, ApiResource[]>,
  migrations: readonly Migration[],
): Choice | undefined {
  const serves = (apiVersion: string) =>
    [...green.values()].flat().some(({ group, version }) => apiVersionOf(group, version) === apiVersion);
  // A successor is better than a drop, whatever the order of the list.
  for (const successor of [true, false]) {
    for (const readAs of versions) {
      const migration = migrations.find(
        ({ from, to }) =>
          from.group === readAs.group &&
          from.kind === readAs.kind &&
          from.versions.includes(readAs.version) &&
          (to === null ? !successor : successor && serves(to)),
      );
      if (migration) return { ...as(readAs), writeAs: migration.to, migration, path: "migration" };
    }
  }
  return undefined;
}

function none(versions: ApiResource[]): Choice | undefined {
  const readAs = versions[0];
  return readAs && { ...as(readAs), writeAs: null, path: "none" };
}

function as(readAs: ApiResource): Pick<Choice, "groupKind" | "readAs"> {
  return { groupKind: { group: readAs.group, kind: readAs.kind }, readAs };
}

/** Where green takes an object of an apiVersion and kind: its discovery, then the definitions that blue brings. */
export function resourceFinder(
  greenResources: readonly ApiResource[],
  crds: Iterable<KubeObject>,
): (apiVersion: string, kind: string) => ApiResource | undefined {
  const found = new Map<string, ApiResource>();
  for (const kind of customKinds(crds).values()) {
    for (const version of kind.served) {
      found.set(`${apiVersionOf(kind.group, version)} ${kind.kind}`, customResource(kind, version));
    }
  }
  for (const resource of greenResources) {
    if (!resource.verbs.includes("create")) continue;
    found.set(`${apiVersionOf(resource.group, resource.version)} ${resource.kind}`, resource);
  }
  return (apiVersion, kind) => found.get(`${apiVersion} ${kind}`);
}
