import { isObject } from "../model/json.js";
import type { JsonObject } from "../model/objects.js";

/** What Velero was told to back up. */
export interface BackupScope {
  namespaces: { included: string[]; excluded: string[] };
  /** As they were written: `deployments`, `deployments.apps`, `Deployment`. */
  resources: { included: string[]; excluded: string[] };
  /** Undefined leaves it to Velero: with all namespaces, what has none comes along. */
  clusterResources: boolean | undefined;
  /** Chosen by labels, or in another way that isn't looked into. */
  selects: boolean;
}

/** An object as a scope asks of it. */
export interface Candidate {
  kind: string;
  group: string;
  /** The plural: `deployments`. */
  resource: string;
  namespace?: string | undefined;
  name: string;
  labels?: Record<string, string> | undefined;
  deleting?: boolean;
}

export function scopeOf(spec: JsonObject): BackupScope {
  const resources = (which: string) =>
    [
      which,
      `${which.replace("Resources", "")}ClusterScopedResources`,
      `${which.replace("Resources", "")}NamespaceScopedResources`,
    ].flatMap((field) => texts(spec[field]));
  const { includeClusterResources } = spec;
  return {
    namespaces: { included: texts(spec.includedNamespaces), excluded: texts(spec.excludedNamespaces) },
    resources: { included: resources("includedResources"), excluded: resources("excludedResources") },
    clusterResources: typeof includeClusterResources === "boolean" ? includeClusterResources : undefined,
    selects: [spec.labelSelector, spec.orLabelSelectors, spec.resourcePolicy].some(
      (each) => isObject(each) || Array.isArray(each),
    ),
  };
}

/** Whether Velero was to back an object up; false where that can't be told. */
export function isInScope(
  { namespaces, resources, clusterResources, selects }: BackupScope,
  object: Candidate,
): boolean {
  if (selects || object.deleting || object.labels?.["velero.io/exclude-from-backup"] === "true") return false;
  const isNamespace = object.kind === "Namespace" && object.group === "";
  const home = isNamespace ? object.name : object.namespace;
  if (home !== undefined && !takes(namespaces, [home])) return false;
  if (!takes(resources, [object.resource, `${object.resource}.${object.group}`, object.kind.toLowerCase()]))
    return false;
  if (object.namespace !== undefined || isNamespace) return true;
  const all = namespaces.included.length === 0 || namespaces.included.includes("*");
  return clusterResources ?? (all && namespaces.excluded.length === 0);
}

function takes({ included, excluded }: { included: string[]; excluded: string[] }, names: string[]): boolean {
  const named = (list: string[]) =>
    list.some((each) => each === "*" || names.includes(each) || names.includes(each.toLowerCase()));
  return !named(excluded) && (included.length === 0 || named(included));
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
