import { KubeError, type KubeReader } from "../kube/api.js";
import type { Migration } from "../model/migration.js";
import { type ApiResource, apiVersionOf, type KubeObject } from "../model/objects.js";
import type { ReplaySource } from "./replay.js";
import { perClusterKind } from "./rules/per-cluster-kinds.js";
import { chooseVersions } from "./versions.js";

/**
 * Blue itself as a source, each kind in the version that is chosen for it: all of it is read before this returns. Kinds
 * that describe blue alone, such as events, are not read.
 */
export async function readLive(
  blue: Pick<KubeReader, "discover" | "pages">,
  greenResources: readonly ApiResource[],
  migrations: readonly Migration[],
): Promise<ReplaySource> {
  const { resources } = await blue.discover();
  const crds: KubeObject[] = [];
  const definitions = resources.filter(({ kind, group }) => isDefinitionKind(kind, group));
  if (definitions[0]) for await (const { items } of blue.pages(definitions[0])) crds.push(...items);

  const read = new Map<string, KubeObject[]>();
  const kinds: { resource: ApiResource; count: number }[] = [];
  for (const { readAs } of chooseVersions(resources, greenResources, migrations, crds)) {
    if (perClusterKind(readAs) !== undefined) continue;
    const objects = await readKind(blue, readAs);
    if (!objects) continue;
    read.set(keyOf(readAs), objects);
    kinds.push({ resource: readAs, count: objects.length });
  }
  return {
    kinds,
    async *objects(resource) {
      yield* read.get(keyOf(resource)) ?? [];
    },
  };
}

/** Undefined where the kind's definition was deleted since blue said what it serves. */
async function readKind(blue: Pick<KubeReader, "pages">, resource: ApiResource): Promise<KubeObject[] | undefined> {
  const objects: KubeObject[] = [];
  try {
    for await (const { items, restarted } of blue.pages(resource)) {
      if (restarted) objects.length = 0;
      objects.push(...items);
    }
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return undefined;
    throw error;
  }
  return objects;
}

function isDefinitionKind(kind: string, group: string): boolean {
  return kind === "CustomResourceDefinition" && group === "apiextensions.k8s.io";
}

function keyOf({ group, version, resource }: ApiResource): string {
  return `${resource} ${apiVersionOf(group, version)}`;
}
