import { apiRemovals, isRemovedAt, removalOf, replacementAt } from "../../migrations/api-removals.js";
import type { KubeVersion } from "../model/kube-version.js";
import { type ApiResource, groupOf, versionOf } from "../model/objects.js";

/**
 * What a server of version `to` will serve of what blue serves, by the table of removals: a plan is made before green
 * stands. The live green's discovery has the last word when objects are replayed.
 */
export function predictResources(blue: readonly ApiResource[], to: KubeVersion): ApiResource[] {
  const predicted = blue.flatMap((resource): ApiResource[] => {
    const removal = removalOf(apiRemovals, resource);
    // A successor is sure to be there only once the old version is gone; while that is served, nothing needs it.
    if (!removal || !isRemovedAt(removal, to)) return [resource];
    const replacement = replacementAt(apiRemovals, removal, to);
    return replacement ? [{ ...resource, group: groupOf(replacement), version: versionOf(replacement) }] : [];
  });
  const seen = new Set<string>();
  return predicted.filter(({ group, version, kind }) => {
    const key = `${group}/${version}/${kind}`;
    return !seen.has(key) && seen.add(key);
  });
}
