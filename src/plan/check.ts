import { apiRemovals, isDeprecatedAt, removalOf, replacementAt } from "../../migrations/api-removals.js";
import { migrationFor, migrations } from "../../migrations/index.js";
import type { Finding, Place } from "../model/finding.js";
import { formatMinor, type KubeVersion } from "../model/kube-version.js";
import { groupOf, type KubeObject, refKey, refOf, versionOf } from "../model/objects.js";
import type { Assessment, Releases } from "./assessment.js";
import { removedApisInReleases, unreadReleases } from "./findings/helm-releases.js";
import { knownHops } from "./findings/hops.js";
import { inOrder } from "./findings/index.js";
import { olderGreen } from "./findings/paths.js";
import { appliedVersion, manifestAdvice, removedAt } from "./findings/removed-apis.js";

/** One object that is checked, and where it stands if it came from a file. */
export interface Checked {
  object: KubeObject;
  at?: Place;
}

/** Everything that an assessment without a cluster goes by. */
export interface CheckInput {
  to: KubeVersion;
  /** Blue's version: absent where nothing says it, and then nothing is said of known steps between the two. */
  from?: KubeVersion;
  distribution: Assessment["distribution"];
  objects: readonly Checked[];
  releases: Releases;
  /** What rules, migrations and changes say of single objects. */
  remarks: readonly Finding[];
}

/**
 * What a version of Kubernetes has against these objects, one finding for each, so that each has its place. A manifest that names a
 * removed API is refused when it is applied: a blocker. An object that a server gave out is only read in that version, and arrives
 * by a migration.
 */
export function check({ to, from, distribution, objects, releases, remarks }: CheckInput): Finding[] {
  const places = new Map<string, Place | undefined>();
  for (const { object, at } of objects) {
    const key = refKey(refOf(object));
    if (!places.has(key)) places.set(key, at);
  }
  const located = (finding: Finding): Finding => {
    const at = finding.object && places.get(refKey(finding.object));
    return { ...finding, ...(at && { at }) };
  };
  return inOrder([
    ...(from ? [...olderGreen({ from, to }), ...knownHops({ from, to, distribution })] : []),
    ...objects.flatMap((checked) => [...ofApi(checked, to), ...ofApplied(checked, to)]),
    ...[...removedApisInReleases({ releases, to }), ...unreadReleases({ releases })].map(located),
    ...remarks.map(located),
  ]);
}

function ofApi({ object, at }: Checked, to: KubeVersion): Finding[] {
  const { apiVersion, kind } = object;
  const known = { group: groupOf(apiVersion), version: versionOf(apiVersion), kind };
  const removal = removalOf(apiRemovals, known);
  if (!removal) return [];
  const removed = removedAt(apiVersion, kind, to) !== undefined;
  if (!removed && !isDeprecatedAt(removal, to)) return [];
  const replacement = replacementAt(apiRemovals, removal, to);
  const successor = replacement ? `Use ${replacement}` : "It has no successor";
  const fromServer = isFromServer(object);
  const migration = fromServer && removed ? migrationFor(migrations, known, known.version) : undefined;
  const finding = { object: refOf(object), ...(at && { at }) };
  if (!removed) {
    return [
      {
        ...finding,
        id: "api-deprecated",
        severity: fromServer ? "note" : "warning",
        why: `${apiVersion} ${kind} is deprecated in ${formatMinor(to)}, and gone in ${removal.removedIn}.`,
        whatToDo: `${successor} before the next migration.`,
      },
    ];
  }
  return [
    {
      ...finding,
      id: "api-removed",
      severity: migration ? "warning" : "blocker",
      why: `${apiVersion} ${kind} is gone since ${removal.removedIn}${fromServer ? "." : ": a server refuses this manifest."}`,
      whatToDo: `${successor} in manifests, charts, pipelines and controllers.${migration ? ` The object itself is migrated (${migration.id}).` : ""}`,
    },
  ];
}

/** Manifests in Git have no UID; what a server gave out has, unless somebody took it off together with all else. */
function isFromServer({ metadata }: KubeObject): boolean {
  return Boolean(metadata.uid || metadata.resourceVersion || metadata.managedFields);
}

function ofApplied({ object, at }: Checked, to: KubeVersion): Finding[] {
  const applied = appliedVersion(object);
  if (applied === undefined || applied === object.apiVersion || !removedAt(applied, object.kind, to)) return [];
  const advice = manifestAdvice(`${applied} ${object.kind}`, to);
  return [
    { id: "manifest-names-removed-api", severity: "warning", object: refOf(object), ...(at && { at }), ...advice },
  ];
}
