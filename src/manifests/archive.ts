import { homeOf } from "../kube/resources.js";
import type { Place } from "../model/finding.js";
import type { Migration } from "../model/migration.js";
import {
  type ApiResource,
  apiVersionOf,
  groupOf,
  type KubeObject,
  kindKey,
  type ObjectRef,
  refKey,
  refOf,
  versionOf,
} from "../model/objects.js";
import { type Known, oneOfEach } from "./one-of-each.js";
import { completeVersions } from "./one-version.js";
import { settleUids } from "./owners.js";
import type { Manifests, Placed } from "./read-folder.js";
import { type Fault, refused } from "./refused.js";
import { type Shapes, shapesOf } from "./shapes.js";

/** A folder of manifests in a cluster's place: each object once, and the kinds as a server would list them. */
export interface Archive {
  /** Every kind in each version in which all of its objects are there, sorted by kind. */
  resources: ApiResource[];
  /** Of a resource, as it stands in the files: server fields and all. */
  objects(resource: ApiResource): KubeObject[];
  /** How many objects there are, each counted once. */
  count: number;
  placeOf(ref: ObjectRef): Place | undefined;
  /** What was assumed, and what a person should know, in whole sentences. */
  remarks: string[];
}

/**
 * What is in the files is taken for all there is: kinds, scopes and plurals come from tables and from definitions among the files.
 * Throws `UserError` bundle-invalid where files contradict each other; with `lenient` the first of them counts, since in a repository
 * one object may be there for each of several clusters.
 */
export function archiveOf(
  { objects }: Pick<Manifests, "objects">,
  migrations: readonly Migration[],
  { lenient = false } = {},
): Archive {
  const shapes = shapesOf(objects);
  const scoped = inScope(objects, shapes);
  const { known, copies, faults } = oneOfEach(scoped.objects);
  const kinds = new Map<string, Known[]>();
  for (const each of known.values()) kinds.set(kindKey(each.ref), [...(kinds.get(kindKey(each.ref)) ?? []), each]);

  const lists = new Map<ApiResource, Placed[]>();
  for (const [, members] of [...kinds].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const complete = completeVersions(members, migrations);
    if (!(complete instanceof Map)) {
      faults.push(complete);
      continue;
    }
    for (const [apiVersion, placed] of complete) lists.set(resourceOf(apiVersion, members, shapes), placed);
  }
  if (faults.length > 0 && !lenient) throw refused(inOrder(faults));

  const settled = settleUids([...lists.values()].flat().map(({ object }) => object));
  return {
    resources: [...lists.keys()],
    objects: (resource) => {
      const found = [...lists].find(([each]) => isSame(each, resource))?.[1] ?? [];
      return found.map(({ object }) => settled.get(object) ?? object);
    },
    count: known.size,
    placeOf: (ref) => [...(known.get(refKey({ ...ref, ...homeOf(ref) }))?.versions.values() ?? [])][0]?.place,
    remarks: [...scoped.remarks, ...remarksOf(scoped.objects, shapes, copies)],
  };
}

function resourceOf(apiVersion: string, [first]: readonly Known[], shapes: Shapes): ApiResource {
  const kind = { group: groupOf(apiVersion), kind: first?.ref.kind ?? "" };
  // Files say nothing of verbs: what was exported could be read, and what is written can be.
  const verbs = ["create", "delete", "get", "list", "patch", "update", "watch"];
  return { ...kind, version: versionOf(apiVersion), ...shapes.of(kind), verbs, subresources: [] };
}

/** `kubectl apply` puts what names no namespace into `default`, and a server leaves the namespace of what can have none. */
function inScope(placed: readonly Placed[], shapes: Shapes): { objects: Placed[]; remarks: string[] } {
  const put: Placed[] = [];
  const taken: Placed[] = [];
  const objects = placed.map((each): Placed => {
    const { namespace, ...metadata } = each.object.metadata;
    const { namespaced } = shapes.of(refOf(each.object));
    if (namespaced && !namespace) put.push(each);
    else if (!namespaced && namespace) taken.push(each);
    else if (namespaced || namespace === undefined) return each;
    return {
      ...each,
      object: {
        ...each.object,
        metadata: { ...metadata, ...(namespaced && { namespace: "default" }) } as KubeObject["metadata"],
      },
    };
  });
  const remarks: string[] = [];
  if (put.length > 0)
    remarks.push(
      `${put.length} object(s) name no namespace, and are taken to be in default, as kubectl apply does: ${examples(put)}`,
    );
  if (taken.length > 0)
    remarks.push(
      `${taken.length} object(s) name a namespace, though their kind has none; it is taken off: ${examples(taken)}`,
    );
  return { objects, remarks };
}

function remarksOf(objects: readonly Placed[], { guessed }: Shapes, copies: number): string[] {
  const secrets = objects.filter(({ object }) => object.apiVersion === "v1" && object.kind === "Secret");
  const files = new Set(secrets.map(({ place }) => place.file));
  return [
    ...(guessed.length > 0
      ? [
          `no definition is among the files for ${guessed.join(", ")}: plural and scope are guessed, and green must serve them by itself`,
        ]
      : []),
    ...(copies > 0 ? [`${copies} object(s) are there more than once, and count once`] : []),
    ...(secrets.length > 0
      ? [
          `${secrets.length} Secret(s) lie in plain text in ${files.size} file(s), the first in ${[...files][0]}; in a bundle they are encrypted`,
        ]
      : []),
  ];
}

function examples(placed: readonly Placed[]): string {
  const named = placed.slice(0, 3).map(({ object, place }) => `${refKey(refOf(object))} (${place.file}:${place.line})`);
  return `${named.join(", ")}${placed.length > 3 ? ", …" : ""}`;
}

function isSame(one: ApiResource, other: ApiResource): boolean {
  return one.kind === other.kind && apiVersionOf(one.group, one.version) === apiVersionOf(other.group, other.version);
}

function inOrder(faults: Fault[]): Fault[] {
  return faults.sort((a, b) =>
    a.place.file === b.place.file ? a.place.line - b.place.line : a.place.file < b.place.file ? -1 : 1,
  );
}
