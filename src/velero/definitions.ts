import { isObject } from "../model/json.js";
import type { KubeObject } from "../model/objects.js";

/** What a CustomResourceDefinition says of the kind that it provides. */
export interface Definition {
  kind: string;
  namespaced: boolean;
}

/** The folder of the kind that an object defines (`widgets.acme.example`), and what is said of it; undefined for all else. */
export function definitionIn({ apiVersion, kind, spec }: KubeObject): [folder: string, Definition] | undefined {
  if (kind !== "CustomResourceDefinition" || !apiVersion.startsWith("apiextensions.k8s.io/")) return undefined;
  if (!isObject(spec) || !isObject(spec.names)) return undefined;
  const { group, names, scope } = spec;
  return [`${names.plural}.${group}`, { kind: String(names.kind), namespaced: scope === "Namespaced" }];
}

/**
 * Whether a kind without a definition can be what is found under this plural: `Ingress` under `ingresses`, `NetworkPolicy`
 * under `networkpolicies`, `Endpoints` under `endpoints`. All kinds built into Kubernetes are named so.
 */
export function isPluralOf(resource: string, kind: string): boolean {
  const word = kind.toLowerCase();
  return [word, `${word}s`, `${word}es`, word.replace(/y$/, "ies")].includes(resource);
}

/**
 * Whether an object lies rightly where version v1 is said of it: on servers that have both, up to 1.21, Velero puts the old form of
 * definitions of a single version, or without a structural schema, in the place of the v1 that it took up.
 */
export function isRemapped(apiVersion: string, kind: string, pathVersion: string): boolean {
  return kind === "CustomResourceDefinition" && apiVersion === "apiextensions.k8s.io/v1beta1" && pathVersion === "v1";
}
