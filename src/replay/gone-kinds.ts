import type { KubeReader } from "../kube/api.js";
import { UserError } from "../model/errors.js";
import type { Ledger } from "../model/ledger.js";
import { type ApiResource, groupOf, kindKey, refOf } from "../model/objects.js";
import type { Departure } from "./prepare.js";

/**
 * Kinds of which a replay once wrote objects and none is expected now: all of them have gone from blue since. Of one that green
 * serves no longer nothing can be left there.
 *
 * @throws UserError `cluster-unreachable` where the API that would say it doesn't answer
 */
export async function goneKinds(
  expected: readonly Pick<Departure, "object">[],
  green: Pick<KubeReader, "name" | "discover">,
  ledger: Pick<Ledger, "objects">,
): Promise<ApiResource[]> {
  const known = new Set(expected.map(({ object }) => kindKey(refOf(object))));
  const gone = new Set([...ledger.objects()].map(kindOf).filter((kind) => !known.has(kind)));
  if (gone.size === 0) return [];
  const { resources, broken } = await green.discover();
  // Of one group the version that the server prefers comes first; any of them lists all objects.
  const served = new Map(resources.toReversed().map((resource) => [kindKey(resource), resource]));
  return [...gone].flatMap((kind) => {
    const resource = served.get(kind);
    if (resource) return resource.verbs.includes("list") ? [resource] : [];
    const silent = broken.find(({ groupVersion }) => kind.endsWith(`.${groupOf(groupVersion)}`));
    if (!silent) return [];
    throw new UserError({
      code: "cluster-unreachable",
      what: `${green.name} can't be asked for ${kind}, of which a replay wrote objects: ${silent.groupVersion} doesn't answer (${silent.reason}).`,
      fix: `See what its APIService says: kubectl --context ${green.name} get apiservices`,
    });
  });
}

/** `Deployment.apps` of `Deployment.apps shop/web`. */
function kindOf(object: string): string {
  return object.slice(0, object.indexOf(" "));
}
