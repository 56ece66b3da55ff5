import { connect } from "../../src/kube/connect.js";
import { listIfServed } from "../../src/kube/list-all.js";
import { type ApiResource, apiVersionOf, type KubeObject, kindKey, refKey, refOf } from "../../src/model/objects.js";
import type { Archive } from "./archive.js";
import type { Green } from "./world.js";

/** What a cluster has, by `refKey`. */
export type Found = ReadonlyMap<string, KubeObject>;

/** All objects of all kinds, each in the first version that the archive has of its kind and green serves, else in any. */
export async function look({ kubeconfig, name }: Green, archive: Archive): Promise<Found> {
  const api = await connect({ kubeconfig, context: name, env: {} });
  try {
    const { resources } = await api.discover();
    const found = new Map<string, KubeObject>();
    for (const resource of chosen(resources, archive)) {
      for (const object of (await listIfServed(api, resource)) ?? []) found.set(refKey(refOf(object)), object);
    }
    return found;
  } finally {
    await api.close();
  }
}

/** One resource a kind. */
export function chosen(resources: readonly ApiResource[], archive: Archive): ApiResource[] {
  const wanted = new Map<string, string[]>();
  for (const { kind, versions } of archive.values())
    if (!wanted.has(kind))
      wanted.set(
        kind,
        versions.map(({ apiVersion }) => apiVersion),
      );
  const byKind = new Map<string, ApiResource>();
  const rank = (resource: ApiResource): number => {
    const at = wanted.get(kindKey(resource))?.indexOf(apiVersionOf(resource.group, resource.version)) ?? -1;
    return at < 0 ? Number.POSITIVE_INFINITY : at;
  };
  for (const resource of resources.filter(({ verbs }) => verbs.includes("list"))) {
    const before = byKind.get(kindKey(resource));
    if (!before || rank(resource) < rank(before)) byKind.set(kindKey(resource), resource);
  }
  return [...byKind.values()];
}
