import { migrations } from "../../../../migrations/index.js";
import { readHelmRelease, withManifests } from "../../../kube/helm-release.js";
import type { Remark } from "../../../model/migration.js";
import { groupOf, type KubeObject, versionOf } from "../../../model/objects.js";
import { convertManifest } from "../../helm/manifest.js";
import type { Change, ChangeContext } from "../change.js";

/** No kind has changed its version more often. */
const mostHops = 5;

/**
 * Helm compares an upgrade with the manifest of the release before, and fails where a server doesn't know a version in it
 * (helm#11120), although the object itself has long arrived in another.
 */
export const helmReleases: Change = {
  id: "helm-releases",
  stage: "adaptation",
  reason:
    "Objects in a Helm release's manifest that name a removed version are written as their live ones are, or the next upgrade would fail; what has no successor is taken out. All else of the release stays as it is.",
  kinds: ["Secret", "ConfigMap"],
  change(object, context) {
    const read = readHelmRelease(object);
    if (!read || !("release" in read)) return undefined;
    const said = new Set<string>();
    const changed = withManifests(object, (manifest) => {
      const converted = convertManifest(manifest, (it) => convert(it, context, said));
      return converted === manifest ? undefined : converted;
    });
    return said.size === 0 ? undefined : { object: changed, remarks: [rewritten([...said])] };
  },
};

/** By the migrations that its live object takes; undefined where green serves it as it is, or nothing is known of it. */
function convert(object: KubeObject, context: ChangeContext, said: Set<string>): KubeObject[] | undefined {
  const { apiVersion, kind } = object;
  let now = object;
  for (let hop = 0; hop < mostHops; hop++) {
    if (context.serves(now.apiVersion, kind)) {
      if (hop === 0) return undefined;
      said.add(`${apiVersion} ${kind} is ${now.apiVersion}`);
      return [now];
    }
    const known = migrations.filter(
      ({ from }) =>
        from.group === groupOf(now.apiVersion) &&
        from.kind === kind &&
        from.versions.includes(versionOf(now.apiVersion)),
    );
    // As for live objects: a version that green serves, else one on the way there, else none.
    const next =
      known.find(({ to }) => to !== null && context.serves(to, kind)) ??
      known.find(({ to }) => to !== null) ??
      known[0];
    const migrated = next?.migrate(now);
    if (!migrated) return undefined;
    const [first, ...others] = migrated.result === "objects" ? migrated.objects : [];
    if (!first) {
      said.add(`${apiVersion} ${kind} is taken out`);
      return [];
    }
    if (others.length > 0) return undefined;
    now = first;
  }
  return undefined;
}

function rewritten(said: readonly string[]): Remark {
  return {
    id: "helm-release-rewritten",
    severity: "note",
    why: `Its manifest names what green doesn't serve. On green ${said.join("; ")}.`,
    whatToDo: "Let the chart render the new version before the next upgrade; see it by `helm get manifest` on green.",
  };
}
