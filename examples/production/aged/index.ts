import { groupOf, type KubeObject, kindKey, refKey, refOf } from "../../../src/model/objects.js";
import { loadProduction } from "../load.js";
import { type Form, forms } from "./forms.js";
import { inTheHabitsOf } from "./habits.js";

/** An object that a version can't hold. */
export interface LeftOut {
  object: KubeObject;
  reason: string;
}

/** The workload of one version of Kubernetes, in the order in which it can be applied. */
export interface AgedProduction {
  objects: KubeObject[];
  leftOut: LeftOut[];
}

/** Kinds that are younger than the oldest version of the sandbox: the minor release that first served them. */
const firstServed: Readonly<Record<string, number>> = {
  "IngressClass.networking.k8s.io": 18,
  "EndpointSlice.discovery.k8s.io": 17,
  "FlowSchema.flowcontrol.apiserver.k8s.io": 20,
  "PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io": 20,
};

/**
 * acme's production as it would have been written for a Kubernetes of `version`, e.g. `1.15.12`: each kind under the oldest names
 * that the version serves, which take turns where there are several. Fields that the version doesn't know stay: its server drops
 * them, as it would have then.
 */
export function productionFor(version: string, objects: readonly KubeObject[] = loadProduction()): AgedProduction {
  const minor = Number(version.split(".")[1]);
  const turns = new Map<string, number>();
  const renamed = new Map<string, string>();
  const aged: AgedProduction = { objects: [], leftOut: [] };
  for (const object of objects) {
    const kind = kindKey({ group: groupOf(object.apiVersion), kind: object.kind });
    const since = firstServed[kind];
    if (since !== undefined && minor < since) {
      aged.leftOut.push({ object, reason: `Kubernetes 1.${minor} has no ${kind}: it came with 1.${since}` });
      continue;
    }
    const turn = turns.get(kind) ?? 0;
    turns.set(kind, turn + 1);
    const form = formOf(kind, minor, turn);
    const written = inTheHabitsOf(minor, withOwnersAs(renamed, object));
    if (form) renamed.set(refKey(refOf(object)), form.apiVersion);
    aged.objects.push(form ? { ...(form.write?.(written, turn) ?? written), apiVersion: form.apiVersion } : written);
  }
  return aged;
}

/** Names that are served no longer since the same release are equally old. */
function formOf(kind: string, minor: number, turn: number): Form | undefined {
  const served = (forms[kind] ?? []).filter(({ since, until }) => since <= minor && minor <= until);
  const oldest = served.filter(({ until }) => until === served[0]?.until);
  return oldest[turn % oldest.length];
}

/** An owner is named as it was written. */
function withOwnersAs(renamed: ReadonlyMap<string, string>, object: KubeObject): KubeObject {
  const { ownerReferences: owners, namespace = "" } = object.metadata;
  if (!owners) return object;
  const ownerReferences = owners.map((owner) => {
    const ref = { group: groupOf(owner.apiVersion), kind: owner.kind, name: owner.name };
    const apiVersion = renamed.get(refKey({ ...ref, namespace })) ?? renamed.get(refKey(ref)) ?? owner.apiVersion;
    return { ...owner, apiVersion };
  });
  return { ...object, metadata: { ...object.metadata, ownerReferences } };
}
