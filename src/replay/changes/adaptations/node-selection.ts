import { isObject, listAt, objectAt } from "../../../model/json.js";
import type { JsonObject, KubeObject } from "../../../model/objects.js";
import { podKinds, podTemplateOf } from "./pod-template.js";

/** `Kind.group` of everything that chooses nodes, or zones, by their labels. */
export const selectingKinds: readonly string[] = [
  ...podKinds,
  "PersistentVolume",
  "StorageClass.storage.k8s.io",
  "RuntimeClass.node.k8s.io",
];

/** The maps by which an object demands labels of nodes, in place. */
export function nodeSelectorsOf(object: KubeObject): JsonObject[] {
  const { spec } = podTemplateOf(object) ?? {};
  return [objectAt(spec, "nodeSelector"), objectAt(object, "scheduling", "nodeSelector")];
}

/** Each list of terms by which an object demands or prefers labels of nodes, as the terms' expressions, in place. */
export function nodeTermsOf(object: KubeObject): JsonObject[][] {
  const { spec } = podTemplateOf(object) ?? {};
  const affinity = objectAt(spec, "affinity", "nodeAffinity");
  const preferred = listAt(affinity, "preferredDuringSchedulingIgnoredDuringExecution").map((each) =>
    objectAt(each, "preference"),
  );
  return [...requiredTermsOf(object), ...preferred.map(expressionsOf)];
}

/** The terms of which one must hold of a node; none where the object demands nothing. */
export function requiredTermsOf(object: KubeObject): JsonObject[][] {
  const { spec } = podTemplateOf(object) ?? {};
  const required = "requiredDuringSchedulingIgnoredDuringExecution";
  return [
    ...listAt(spec, "affinity", "nodeAffinity", required, "nodeSelectorTerms"),
    ...(object.kind === "PersistentVolume"
      ? listAt(object, "spec", "nodeAffinity", "required", "nodeSelectorTerms")
      : []),
  ].map(expressionsOf);
}

function expressionsOf(term: unknown): JsonObject[] {
  return listAt(term, "matchExpressions").filter(isObject);
}
