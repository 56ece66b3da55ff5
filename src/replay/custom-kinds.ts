import { at, isObject, listAt, objectAt, textAt } from "../model/json.js";
import { type ApiResource, type KubeObject, kindKey } from "../model/objects.js";

/** What one CustomResourceDefinition, of apiextensions.k8s.io/v1 or v1beta1, provides. */
export interface CustomKind {
  group: string;
  kind: string;
  resource: string;
  namespaced: boolean;
  /** Names of the versions that are served. */
  served: string[];
  /** The version in etcd: read and written in it, an object needs no conversion webhook. */
  storage: string;
}

export function isDefinition(object: KubeObject): boolean {
  return object.kind === "CustomResourceDefinition" && object.apiVersion.startsWith("apiextensions.k8s.io/");
}

/** The kinds that definitions provide, by `Kind.group`. */
export function customKinds(definitions: Iterable<KubeObject>): Map<string, CustomKind> {
  const kinds = new Map<string, CustomKind>();
  for (const definition of definitions) {
    const kind = customKind(definition);
    if (kind) kinds.set(kindKey(kind), kind);
  }
  return kinds;
}

/** What one definition provides, or undefined where it is not readable as one. */
export function customKind(definition: KubeObject): CustomKind | undefined {
  const spec = objectAt(definition, "spec");
  const group = textAt(spec, "group");
  const kind = textAt(spec, "names", "kind");
  const resource = textAt(spec, "names", "plural");
  if (group === undefined || kind === undefined || resource === undefined) return undefined;

  const versions = listAt(spec, "versions").filter(isObject);
  const served = versions.filter((version) => version.served === true).flatMap((v) => textAt(v, "name") ?? []);
  const storage = versions.find((version) => version.storage === true);
  // v1beta1 allowed a single `version` instead of the list.
  const single = textAt(spec, "version");
  return {
    group,
    kind,
    resource,
    namespaced: at(spec, "scope") === "Namespaced",
    served: versions.length > 0 ? served : single === undefined ? [] : [single],
    storage: textAt(storage, "name") ?? single ?? served[0] ?? "",
  };
}

/** How a server that has the definition will serve one version of it. */
export function customResource(kind: CustomKind, version: string): ApiResource {
  const { group, resource, namespaced } = kind;
  const verbs = ["create", "delete", "get", "list", "patch", "update", "watch"];
  return { group, version, kind: kind.kind, resource, namespaced, verbs, subresources: [] };
}
