import { isHelmRelease, readHelmRelease } from "../../kube/helm-release.js";
import { namedApis } from "../../manifests/named-apis.js";
import { type KubeObject, refOf } from "../../model/objects.js";
import type { ReleasedApi } from "../../plan/assessment.js";

/**
 * The APIs that Helm's releases name: of each release the newest revision, and the deployed one where that is another, since the next
 * upgrade reads it. A release that can't be read is left out: nothing can be said of it.
 */
export function releasedApis(objects: readonly KubeObject[]): ReleasedApi[] {
  return currentRevisions(objects).flatMap((object) => {
    const read = readHelmRelease(object);
    if (!read || !("release" in read)) return [];
    const { name, namespace, manifest, hooks } = read.release;
    const apis = namedApis([manifest, ...hooks].join("\n---\n"));
    return apis.map((api) => ({ ...api, keptIn: refOf(object), release: namespace ? `${namespace}/${name}` : name }));
  });
}

function currentRevisions(objects: readonly KubeObject[]): KubeObject[] {
  const releases = new Map<string, KubeObject[]>();
  for (const object of objects) {
    if (!isHelmRelease(object)) continue;
    const key = `${object.metadata.namespace} ${object.metadata.name.replace(/\.v\d+$/, "")}`;
    releases.set(key, [...(releases.get(key) ?? []), object]);
  }
  return [...releases.values()].flatMap((revisions) => {
    const [newest, ...older] = revisions.sort((a, b) => revisionOf(b) - revisionOf(a));
    const deployed = older.find(({ metadata }) => metadata.labels?.status === "deployed");
    return [newest, newest?.metadata.labels?.status === "deployed" ? undefined : deployed].filter(
      (each) => each !== undefined,
    );
  });
}

function revisionOf({ metadata }: KubeObject): number {
  return Number(/\.v(\d+)$/.exec(metadata.name)?.[1] ?? 0);
}
