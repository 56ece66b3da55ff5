import { isHelmRelease, readHelmRelease } from "../../kube/helm-release.js";
import { namedApis } from "../../manifests/named-apis.js";
import { type KubeObject, refOf } from "../../model/objects.js";
import type { Releases } from "../../plan/assessment.js";

/**
 * What Helm's releases say: of each release the newest revision, and the deployed one where that is another, since the next upgrade
 * reads it.
 */
export function releasesAmong(objects: readonly KubeObject[]): Releases {
  const releases: Releases = { apis: [], unread: [] };
  for (const object of currentRevisions(objects)) {
    const keptIn = refOf(object);
    const read = readHelmRelease(object);
    if (!read) continue;
    if (!("release" in read)) {
      releases.unread.push({ keptIn, problem: read.problem });
      continue;
    }
    const { name, namespace, manifest, hooks } = read.release;
    const release = namespace ? `${namespace}/${name}` : name;
    const named = namedApis([manifest, ...hooks].join("\n---\n"));
    releases.apis.push(...named.map((api) => ({ ...api, keptIn, release })));
  }
  return releases;
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
