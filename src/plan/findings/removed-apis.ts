import {
  type ApiRemoval,
  apiRemovals,
  isDeprecatedAt,
  isRemovedAt,
  removalOf,
  replacementAt,
} from "../../../migrations/api-removals.js";
import type { Finding } from "../../model/finding.js";
import { formatMinor, type KubeVersion } from "../../model/kube-version.js";
import {
  apiVersionOf,
  groupOf,
  type KubeObject,
  kindKey,
  type ObjectRef,
  refOf,
  versionOf,
} from "../../model/objects.js";
import type { Assessor } from "../assessment.js";

/** Kinds that blue serves in versions that green won't: whoever still calls those must change, also where objects move. */
export const removedApis: Assessor = ({ blueResources, kinds, to }) =>
  blueResources.flatMap((resource): Finding[] => {
    const removal = removalOf(apiRemovals, resource);
    const planned = kinds.find(({ kind }) => kind === kindKey(resource));
    if (!removal || !planned || planned.count === 0) return [];
    const apiVersion = apiVersionOf(resource.group, resource.version);
    const where = `${planned.count} ${resource.kind} object(s) on blue; ${apiVersion}`;
    const replacement = replacementAt(apiRemovals, removal, to);
    const successor = replacement ? `Use ${replacement}` : "It has no successor";
    if (isRemovedAt(removal, to)) {
      return [
        {
          id: "api-removed",
          severity: planned.writeAs === null && !planned.by ? "blocker" : "warning",
          count: planned.count,
          why: `${where} is gone since ${removal.removedIn}.`,
          whatToDo: `${successor} in manifests, charts, pipelines and controllers. ${arrival(planned.writeAs, planned.by)}`,
        },
      ];
    }
    if (!isDeprecatedAt(removal, to)) return [];
    return [
      {
        id: "api-deprecated",
        severity: "note",
        count: planned.count,
        why: `${where} is deprecated in ${formatMinor(to)}, and gone in ${removal.removedIn}.`,
        whatToDo: `${successor} before the next migration.`,
      },
    ];
  });

function arrival(writeAs: string | null, by: string | undefined): string {
  if (writeAs) return `The objects themselves arrive as ${writeAs}.`;
  return by ? `The objects themselves are left behind (${by}).` : "No migration is known for the objects.";
}

/** Manifests kept by kubectl in annotations that name removed versions: the next apply of them would fail on green. */
export const removedApisInManifests: Assessor = ({ objects, to }) => {
  const byVersion = new Map<string, ObjectRef[]>();
  for (const object of objects) {
    const applied = appliedVersion(object);
    if (!applied || !removedAt(applied, object.kind, to)) continue;
    const key = `${applied} ${object.kind}`;
    byVersion.set(key, [...(byVersion.get(key) ?? []), refOf(object)]);
  }
  return [...byVersion].map(([key, [first, ...others]]) => ({
    id: "manifest-names-removed-api",
    severity: "warning" as const,
    ...(first && { object: first }),
    count: 1 + others.length,
    ...manifestAdvice(key, to),
  }));
};

export function manifestAdvice(api: string, to: KubeVersion): Pick<Finding, "why" | "whatToDo"> {
  return {
    why: `The manifest last applied says ${api}, which ${formatMinor(to)} doesn't serve.`,
    whatToDo: "Change the manifest where it is kept, or its next apply fails on green.",
  };
}

/** Whether a release no longer serves a kind in an apiVersion, as far as the table knows. */
export function removedAt(apiVersion: string, kind: string, to: KubeVersion): ApiRemoval | undefined {
  const removal = removalOf(apiRemovals, { group: groupOf(apiVersion), version: versionOf(apiVersion), kind });
  return removal && isRemovedAt(removal, to) ? removal : undefined;
}

/** The apiVersion of the manifest that kubectl applied last, where it kept one. */
export function appliedVersion({ metadata }: KubeObject): string | undefined {
  const text = metadata.annotations?.["kubectl.kubernetes.io/last-applied-configuration"];
  if (text === undefined) return undefined;
  try {
    const { apiVersion } = JSON.parse(text) as { apiVersion?: unknown };
    return typeof apiVersion === "string" ? apiVersion : undefined;
  } catch {
    return undefined;
  }
}
