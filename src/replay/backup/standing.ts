import { apiRemovals, isRemovedAt, removalOf } from "../../../migrations/api-removals.js";
import type { BackupDefect } from "../../model/backup.js";
import type { Dangling } from "../../model/dangling.js";
import { at, isObject, listAt, objectAt, textAt } from "../../model/json.js";
import { formatMinor, parseKubeVersion } from "../../model/kube-version.js";
import { type ApiResource, apiVersionOf, type KubeObject, kindKey, refKey, refOf } from "../../model/objects.js";
import { customKinds, isDefinition } from "../custom-kinds.js";
import { danglingReferences } from "../references/dangling.js";
import type { ReplayPlan } from "../replay.js";

/** What can be seen of a backup by itself, without any server. Pure. */
export function standingDefects(
  objects: readonly KubeObject[],
  resources: readonly ApiResource[],
  version: string,
): BackupDefect[] {
  return [
    ...twice(objects),
    ...withoutDefinition(objects, resources),
    ...objects.filter(isDefinition).flatMap(withoutSchema),
    ...ofAnotherVersion(resources, version),
  ];
}

/** What objects name and the backup doesn't have. What a rule leaves behind is no defect of the backup. Pure. */
export function brokenReferences(plan: ReplayPlan): Dangling[] {
  return danglingReferences(plan).filter(({ because }) => because.kind === "never-there");
}

export function referenceDefect({ to, from }: Dangling): BackupDefect {
  const [first] = from;
  const others = from.length > 1 ? ` (and ${from.length - 1} more)` : "";
  const named = first ? `${refKey(first.object)} names it in ${first.field}${others}` : "it is named";
  return {
    id: to.group === "" && to.kind === "Secret" ? "secret-lost" : "dangling-reference",
    object: to,
    what: `${refKey(to)} isn't in it, and ${named}.`,
  };
}

/** A UID names one object of a cluster, for ever. */
function twice(objects: readonly KubeObject[]): BackupDefect[] {
  const byUid = new Map<string, KubeObject>();
  const byName = new Set<string>();
  return objects.flatMap((object): BackupDefect[] => {
    const { uid } = object.metadata;
    const name = refKey(refOf(object));
    const other = uid === undefined ? undefined : byUid.get(uid);
    if (uid !== undefined && !other) byUid.set(uid, object);
    const isTwice = byName.has(name);
    byName.add(name);
    if (isTwice) return [{ id: "duplicate", object: refOf(object), what: `${name} is in it twice.` }];
    if (!other) return [];
    const what = `${name} has the UID of ${refKey(refOf(other))}, ${uid}: one of them is a copy.`;
    return [{ id: "duplicate", object: refOf(object), what }];
  });
}

function withoutDefinition(objects: readonly KubeObject[], resources: readonly ApiResource[]): BackupDefect[] {
  const defined = customKinds(objects.filter(isDefinition));
  const aggregated = new Set(objects.flatMap(servedElsewhere));
  const count = new Map<string, KubeObject[]>();
  for (const object of objects) {
    const kind = kindKey(refOf(object));
    count.set(kind, [...(count.get(kind) ?? []), object]);
  }
  return [...new Map(resources.map((resource) => [kindKey(resource), resource]))].flatMap(([kind, resource]) => {
    const [first] = count.get(kind) ?? [];
    if (!first || !isCustomGroup(resource.group) || defined.has(kind) || aggregated.has(resource.group)) return [];
    const number = count.get(kind)?.length ?? 0;
    const what = `${kind} has ${number} object(s) in it, as ${refKey(refOf(first))}, and no CustomResourceDefinition.`;
    return [{ id: "definition-missing" as const, object: refOf(first), what }];
  });
}

/** Kubernetes' own groups have no dot, or end so; what belongs to projects of its community does too, and isn't served by itself. */
function isCustomGroup(group: string): boolean {
  return group.includes(".") && !ownGroups.test(group);
}

const ownGroups =
  /^(admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|internal\.apiserver|networking|node|rbac\.authorization|resource|scheduling|settings|storage|storagemigration|auditregistration)\.k8s\.io$/;

/** The group that an APIService hands on to a server of its own. */
function servedElsewhere(object: KubeObject): string[] {
  if (object.kind !== "APIService" || !isObject(at(object, "spec", "service"))) return [];
  return [textAt(object, "spec", "group") ?? ""];
}

/** v1 takes a version without a schema from nobody; what v1beta1 took is marked by `preserveUnknownFields`. */
function withoutSchema(definition: KubeObject): BackupDefect[] {
  const spec = objectAt(definition, "spec");
  if (definition.apiVersion !== "apiextensions.k8s.io/v1" || at(spec, "preserveUnknownFields") === true) return [];
  const bare = listAt(spec, "versions").filter((version) => !isObject(at(version, "schema", "openAPIV3Schema")));
  if (bare.length === 0) return [];
  const versions = bare.map((version) => textAt(version, "name") ?? "?").join(", ");
  const what = `${refKey(refOf(definition))} has no schema in ${versions}.`;
  return [{ id: "definition-without-schema", object: refOf(definition), what }];
}

/** A server can't have given what it didn't serve. */
function ofAnotherVersion(resources: readonly ApiResource[], version: string): BackupDefect[] {
  const says = parseKubeVersion(version);
  if (!says) return [{ id: "wrong-version", what: `It says Kubernetes "${version}", which is no version.` }];
  return resources.flatMap((resource) => {
    const removal = removalOf(apiRemovals, resource);
    if (!removal || !isRemovedAt(removal, says)) return [];
    const where = `${resource.kind} in ${apiVersionOf(resource.group, resource.version)}`;
    const what = `It says Kubernetes ${formatMinor(says)}, and has ${where}, which no server serves since ${removal.removedIn}.`;
    return [{ id: "wrong-version" as const, what }];
  });
}
