import type { KubeReader } from "../kube/api.js";
import { listAll, listIfServed } from "../kube/list-all.js";
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
  const [definition] = resources.filter(({ kind, group }) => isDefinitionKind(kind, group));
  const crds = definition ? await listAll(blue, definition) : [];

  const read = new Map<string, KubeObject[]>();
  const kinds: { resource: ApiResource; count: number }[] = [];
  for (const { readAs } of chooseVersions(resources, greenResources, migrations, crds)) {
    if (perClusterKind(readAs) !== undefined) continue;
    const objects = await listIfServed(blue, readAs);
    // Its definition was deleted since blue said what it serves.
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

function isDefinitionKind(kind: string, group: string): boolean {
  return kind === "CustomResourceDefinition" && group === "apiextensions.k8s.io";
}

function keyOf({ group, version, resource }: ApiResource): string {
  return `${resource} ${apiVersionOf(group, version)}`;
}
